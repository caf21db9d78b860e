/**
 * The spec of the cluster kind and the records it is made of. Field names are the API's;
 * a component that may be left out is {@code @Nullable}, and what is left out stays left
 * out: defaults are resolved by compile.
 */
@NullMarked
package dev.meshwright.model.cluster;

import org.jspecify.annotations.NullMarked;
