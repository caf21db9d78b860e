/**
 * The declaration of who may reach a service, how callers prove who they are, and what
 * the network itself lets through. Plain records; may use model only.
 */
@NullMarked
package dev.meshwright.model.security;

import org.jspecify.annotations.NullMarked;
