package dev.meshwright.compile;

import java.util.Set;
import java.util.SortedSet;

/**
 * What the operator decides for the whole installation and compilation depends on.
 *
 * @param defaultPlacement the clusters of a namespace that declares no placement; empty
 * means nowhere
 * @param reservedNamespaces names that can never be declared beside {@code kube-*}, such
 * as Meshwright's own namespace
 */
public record CompilerSettings(SortedSet<String> defaultPlacement, Set<String> reservedNamespaces) {
}
