/**
 * Real processes under faults that a proxy, a signal or a neighbour brings about. Each
 * test ends with the {@link dev.meshwright.fault.Oracle}. What takes longer than a few
 * seconds is a {@code *Fault} and runs with {@code mvn -Pfaults verify}; the rest is
 * {@code *E2E} and runs always.
 */
@org.jspecify.annotations.NullMarked
package dev.meshwright.fault;
