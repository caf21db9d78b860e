package dev.meshwright.model.service;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Fields of a service's objects that another controller sets. While the lease lasts they
 * are left out of what is pushed: their live values stay, what that controller writes is
 * no drift, and everything else of the object stays declared and is healed. A new object
 * begins with the declared value. What anybody but that controller writes there is drift.
 *
 * @param object the objects
 * @param fields the fields, spelled as drift and conflicts show them, such as
 * {@code .spec.replicas}; at least one. Which fields of which kind can be leased is
 * fixed: of a Deployment {@code .spec.replicas} and a container's {@code .image} and
 * {@code .resources}, of a HorizontalPodAutoscaler {@code .spec.minReplicas} and
 * {@code .spec.maxReplicas}, of a VirtualService {@code .spec.http} and of an HTTPRoute
 * {@code .spec.rules}, each of which an API server keeps as one field with all weights in
 * it
 * @param manager the name under which the controller writes, as the object's
 * {@code managedFields} have it, such as {@code kube-controller-manager}
 * @param expiresAt when the fields are ours again by themselves, by the clock of the
 * database; absent means when the lease is taken out of the declaration
 */
public record Lease(ObjectSelector object, List<String> fields, String manager, @Nullable Instant expiresAt) {

	/**
	 * Objects of the service.
	 *
	 * @param kind the kind, such as {@code Deployment}
	 * @param name the name, such as {@code webapp-v1}; absent means every object of that
	 * kind that the service has
	 */
	public record ObjectSelector(String kind, @Nullable String name) {
	}

}
