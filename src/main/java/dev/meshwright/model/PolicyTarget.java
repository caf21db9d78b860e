package dev.meshwright.model;

import java.util.List;
import java.util.Optional;

import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.routing.RoutingPolicySpec;

/**
 * For what a policy is: one service, every service of a namespace, or every service.
 *
 * @param namespace the namespace; empty for the platform
 * @param service the service's name; empty for the default of a namespace or the platform
 */
public record PolicyTarget(String namespace, String service) {

	private static final PolicyTarget PLATFORM = new PolicyTarget("", "");

	public PolicyTarget {
		if (namespace.isEmpty() && !service.isEmpty()) {
			throw new IllegalArgumentException("service " + service + " needs a namespace");
		}
	}

	public static PolicyTarget platform() {
		return PLATFORM;
	}

	public static PolicyTarget namespace(String namespace) {
		return new PolicyTarget(namespace, "");
	}

	public static PolicyTarget service(ServiceRef service) {
		return new PolicyTarget(service.namespace(), service.name());
	}

	/** Everything whose policies hold for a service, the level furthest above first. */
	public static List<PolicyTarget> above(ServiceRef service) {
		return List.of(PLATFORM, namespace(service.namespace()), service(service));
	}

	/** For what an override is: a service, or every service of its namespace. */
	public static PolicyTarget of(ResourceId id, OverrideSpec override) {
		String service = override.target().service();
		return new PolicyTarget(id.namespace(), (service != null) ? service : "");
	}

	/** For what a resource is a policy or an override; empty when it is neither. */
	public static Optional<PolicyTarget> of(Resource<?> resource) {
		String namespace = resource.id().namespace();
		return switch (resource.spec()) {
			case RoutingPolicySpec policy -> Optional.of(new PolicyTarget(namespace, policy.service()));
			case OverrideSpec override -> Optional.of(of(resource.id(), override));
			case LayeredPolicy _ when namespace.isEmpty() -> Optional.of(PLATFORM);
			case LayeredPolicy policy ->
				Optional.of(new PolicyTarget(namespace, (policy.service() != null) ? policy.service() : ""));
			default -> Optional.empty();
		};
	}

	public Level level() {
		if (this.namespace.isEmpty()) {
			return Level.PLATFORM;
		}
		return this.service.isEmpty() ? Level.NAMESPACE : Level.SERVICE;
	}

	/** The key under which the policies of a kind for this are found; one may have it. */
	public Key key(Kind policy) {
		return Key.target(policy, this.namespace, this.service);
	}

	/** {@code the platform}, {@code namespace shop} or {@code service shop/webapp}. */
	@Override
	public String toString() {
		return switch (level()) {
			case PLATFORM -> "the platform";
			case NAMESPACE -> "namespace " + this.namespace;
			case SERVICE -> "service " + this.namespace + "/" + this.service;
		};
	}

	/** How far a policy reaches, from everything to one service. */
	public enum Level {

		/** Every service. */
		PLATFORM,

		/** Every service of a namespace. */
		NAMESPACE,

		/** One service. */
		SERVICE

	}

}
