/**
 * Measures the real application against its peers in the same run: a real API server with
 * etcd, Postgres that waits for the disk, and this JVM as the independent observer. Runs
 * with {@code mvn -Pbench verify} only, never with the tests.
 */
@NullMarked
package dev.meshwright.bench;

import org.jspecify.annotations.NullMarked;
