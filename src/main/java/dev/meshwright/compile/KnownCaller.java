package dev.meshwright.compile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.service.ServiceSpec;

/**
 * Somebody who is known to call a service, as access rules tell callers apart.
 *
 * @param text what messages call it
 * @param namespace its namespace; empty for a gateway, whose cluster knows it
 * @param service which service it is; empty for what is none of ours
 * @param account the account that it runs under, where that is known
 * @param gateway the name of the gateway that it is, if it is one
 * @param joined whether it can prove who it is
 */
record KnownCaller(String text, Optional<String> namespace, Optional<ServiceRef> service, Optional<String> account,
		Optional<String> gateway, boolean joined) {

	/** The services that declare to call a service and may, by their declarations. */
	static Map<Resource<ServiceSpec>, KnownCaller> dependents(Resource<ServiceSpec> service,
			Declarations declarations) {
		ServiceRef own = new ServiceRef(service.id().namespace(), service.id().name());
		Map<Resource<ServiceSpec>, KnownCaller> dependents = new LinkedHashMap<>();
		for (Resource<ServiceSpec> caller : declarations.snapshot()
			.index(Key.dependencyOf(own.namespace(), own.name()), ServiceSpec.class)) {
			ServiceRef ref = new ServiceRef(caller.id().namespace(), caller.id().name());
			if (!ref.equals(own) && caller.spec().external() == null
					&& declarations.granted(service, ref, Use.DEPENDENCY)) {
				dependents.put(caller, of(caller, ref, declarations));
			}
		}
		return dependents;
	}

	private static KnownCaller of(Resource<ServiceSpec> service, ServiceRef ref, Declarations declarations) {
		boolean plain = declarations.namespace(ref.namespace())
			.filter((namespace) -> namespace.spec().injection() == Injection.NONE)
			.isPresent();
		return new KnownCaller(ref.toString(), Optional.of(ref.namespace()), Optional.of(ref),
				Optional.of(Given.or(service.spec().serviceAccount(), ref.name())), Optional.empty(), !plain);
	}

	/** The gateway at which a service is exposed. */
	static List<KnownCaller> gateways(ServiceSpec service) {
		return Optional.ofNullable(service.exposure())
			.map((exposure) -> new KnownCaller("gateway " + exposure.gateway(), Optional.empty(), Optional.empty(),
					Optional.empty(), Optional.of(exposure.gateway()), true))
			.stream()
			.toList();
	}

	/** Whether a principal may be this caller's, in whichever trust domain. */
	boolean mayBe(String principal) {
		String[] parts = principal.split("/");
		return parts.length == 5 && this.namespace.filter((home) -> !home.equals(parts[2])).isEmpty()
				&& this.account.filter((name) -> !name.equals(parts[4])).isEmpty();
	}

}
