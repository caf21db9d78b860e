/**
 * HTTP: controllers, problem details, OpenAPI, events. Meets reconcile and cluster in the
 * store only. May use model, document, store, compile and access.
 */
@NullMarked
package dev.meshwright.api;

import org.jspecify.annotations.NullMarked;
