package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Version;

/**
 * A service with everything that is declared about it, before anything is resolved.
 *
 * @param service the service
 * @param namespace its namespace, if that is declared
 * @param routing its routing policies; more than one is a fault
 * @param failover the failover policies that hold for it, the level furthest above first
 * @param security the security policies that hold for it, the level furthest above first
 * @param overrides what is decided for a time, of its namespace first
 * @param declarations where further things are looked up
 */
record ServiceSubject(Resource<ServiceSpec> service, Optional<Resource<NamespaceSpec>> namespace,
		List<Resource<RoutingPolicySpec>> routing, List<Resource<FailoverPolicySpec>> failover,
		List<Resource<SecurityPolicySpec>> security, List<Resource<OverrideSpec>> overrides,
		Declarations declarations) {

	static ServiceSubject of(Resource<ServiceSpec> service, Declarations declarations) {
		ServiceRef ref = new ServiceRef(service.id().namespace(), service.id().name());
		return new ServiceSubject(service, declarations.namespace(ref.namespace()), declarations.routing(ref),
				declarations.layered(Kind.FAILOVER_POLICY, FailoverPolicySpec.class, ref),
				declarations.layered(Kind.SECURITY_POLICY, SecurityPolicySpec.class, ref), declarations.overrides(ref),
				declarations);
	}

	ServiceRef ref() {
		return new ServiceRef(this.service.id().namespace(), this.service.id().name());
	}

	ServiceSpec spec() {
		return this.service.spec();
	}

	FailoverLayers failoverLayers() {
		return FailoverLayers.of(this.failover);
	}

	/** The policy in force. */
	Optional<Resource<RoutingPolicySpec>> policy() {
		return this.routing.stream().findFirst();
	}

	List<Port> ports() {
		return Given.list(spec().ports());
	}

	List<Version> versions() {
		return Given.list(spec().versions());
	}

	boolean hasManagedVersions() {
		return versions().stream().anyMatch((version) -> version.workload() != null);
	}

}
