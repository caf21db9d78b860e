/**
 * What is declared and what it compiles to: resources as records, names, keys, snapshots,
 * manifests, diagnostics and callers. Plain Java: it knows no framework, no JSON library
 * and no other package, so that everything else may depend on it.
 */
@NullMarked
package dev.meshwright.model;

import org.jspecify.annotations.NullMarked;
