/**
 * Renders Istio objects: VirtualService, DestinationRule, Gateway, ServiceEntry. Pure.
 * May use model and compile.
 */
@NullMarked
package dev.meshwright.provider.istio;

import org.jspecify.annotations.NullMarked;
