/**
 * Resources as text: JSON and YAML in and out, bound to the model's records strictly and
 * with every error at once. Holds the one configured JSON mapper. May use model.
 */
@NullMarked
package dev.meshwright.document;

import org.jspecify.annotations.NullMarked;
