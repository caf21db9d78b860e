/**
 * Turns declarations into manifests: resolve (what a declaration refers to and what is
 * left out), check (diagnostics), render (through the
 * {@link dev.meshwright.compile.Renderer}s). Pure: the same snapshot gives the same
 * bytes; no clock, no random, no I/O but the snapshot's. May use model only.
 */
@NullMarked
package dev.meshwright.compile;

import org.jspecify.annotations.NullMarked;
