/**
 * Brings clusters to what is declared: claims dirty units, compiles them, plans and
 * pushes the difference in the phases make, switch and break, reports what came of it.
 * May use model, document, compile, store and cluster.
 */
@NullMarked
package dev.meshwright.reconcile;

import org.jspecify.annotations.NullMarked;
