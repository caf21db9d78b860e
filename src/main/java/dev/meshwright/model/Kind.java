package dev.meshwright.model;

import java.util.Arrays;
import java.util.Optional;

import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.service.ServiceSpec;

/** The kinds of resource that can be declared, with the names the API uses for them. */
public enum Kind {

	/** A Kubernetes cluster to which Meshwright pushes. */
	CLUSTER("Cluster", "clusters", Scope.GLOBAL, ClusterSpec.class),

	/** A tenant: who owns it, where it runs, which hosts are its own. */
	NAMESPACE("Namespace", "namespaces", Scope.GLOBAL, NamespaceSpec.class),

	/** A service, its versions and how it is reached. */
	SERVICE("Service", "services", Scope.NAMESPACED, ServiceSpec.class),

	/** How requests to one service are routed. */
	ROUTING_POLICY("RoutingPolicy", "routing-policies", Scope.NAMESPACED, RoutingPolicySpec.class),

	/** What callers of a service do when parts of it fail. */
	FAILOVER_POLICY("FailoverPolicy", "failover-policies", Scope.LAYERED, FailoverPolicySpec.class),

	/** Who may reach a service. */
	SECURITY_POLICY("SecurityPolicy", "security-policies", Scope.LAYERED, SecurityPolicySpec.class),

	/** What people or controllers decide for a time. */
	OVERRIDE("Override", "overrides", Scope.NAMESPACED, OverrideSpec.class);

	private final String text;

	private final String plural;

	private final Scope scope;

	private final Class<? extends Spec> specType;

	Kind(String text, String plural, Scope scope, Class<? extends Spec> specType) {
		this.text = text;
		this.plural = plural;
		this.scope = scope;
		this.specType = specType;
	}

	/** The plural in paths, such as {@code routing-policies}. */
	public String plural() {
		return this.plural;
	}

	/** Where resources of this kind live. */
	public Scope scope() {
		return this.scope;
	}

	/** The record that a spec of this kind is bound to. */
	public Class<? extends Spec> specType() {
		return this.specType;
	}

	/** The kind of this name, such as {@code RoutingPolicy}, exactly spelled. */
	public static Optional<Kind> named(String text) {
		return Arrays.stream(values()).filter((kind) -> kind.text.equals(text)).findFirst();
	}

	/** The kind of this plural, such as {@code routing-policies}. */
	public static Optional<Kind> ofPlural(String plural) {
		return Arrays.stream(values()).filter((kind) -> kind.plural.equals(plural)).findFirst();
	}

	/** The name in documents, such as {@code RoutingPolicy}. */
	@Override
	public String toString() {
		return this.text;
	}

	/** Where resources of a kind live. */
	public enum Scope {

		/** In no namespace. */
		GLOBAL,

		/** In a namespace. */
		NAMESPACED,

		/** In a namespace, or in none for what holds for the whole platform. */
		LAYERED;

		/**
		 * Whether a resource may live there.
		 * @param namespace a namespace, or empty for none
		 */
		public boolean admits(String namespace) {
			return switch (this) {
				case GLOBAL -> namespace.isEmpty();
				case NAMESPACED -> !namespace.isEmpty();
				case LAYERED -> true;
			};
		}

	}

}
