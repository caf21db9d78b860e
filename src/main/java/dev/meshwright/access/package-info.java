/**
 * Who is calling and what they may do: tokens, roles, callers. May use model and store.
 */
@NullMarked
package dev.meshwright.access;

import org.jspecify.annotations.NullMarked;
