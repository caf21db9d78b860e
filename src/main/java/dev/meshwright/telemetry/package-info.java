/**
 * What leaves the process to be watched elsewhere: traces, on demand. It knows no
 * declarations and may use the model only.
 */
@NullMarked
package dev.meshwright.telemetry;

import org.jspecify.annotations.NullMarked;
