/**
 * Renders Kubernetes and Gateway API objects: Namespace, ServiceAccount, Deployment,
 * Service, HorizontalPodAutoscaler, PodDisruptionBudget, Ingress, Gateway, HTTPRoute.
 * Pure. May use model and compile.
 */
@NullMarked
package dev.meshwright.provider.kubernetes;

import org.jspecify.annotations.NullMarked;
