package dev.meshwright.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.External;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Protocol;

/** Makes the model of the TLS that callers begin to an external service. */
final class UpstreamTlsResolver {

	private UpstreamTlsResolver() {
	}

	static Optional<ServiceModel.UpstreamTls> of(ServiceSubject subject) {
		return Optional.ofNullable(subject.spec().external())
			.filter((external) -> external.tls() != null)
			.map((external) -> of(external, external.tls(), subject));
	}

	private static ServiceModel.UpstreamTls of(External external, External.Tls tls, ServiceSubject subject) {
		SortedSet<Integer> ports = new TreeSet<>();
		ports(tls, subject.ports()).forEach((port) -> ports.add(port.port()));
		boolean whole = subject.ports()
			.stream()
			.allMatch((port) -> port.protocol() == Protocol.UDP || ports.contains(port.port()));
		return new ServiceModel.UpstreamTls(Given.or(tls.mode(), External.Mode.SIMPLE),
				Optional.ofNullable(tls.credentialName()), Optional.ofNullable(tls.sni()), ports, whole,
				Given.list(external.subjectAltNames()),
				(tls.credentialName() != null) ? callers(subject) : new TreeMap<>());
	}

	/** The ports for which TLS is begun. */
	static List<Port> ports(External.Tls tls, List<Port> ports) {
		return ports.stream()
			.filter((port) -> (tls.ports() != null) ? tls.ports().contains(port.name()) : speaksPlainly(port))
			.toList();
	}

	/** Whether TLS can be begun for it. */
	static boolean speaksPlainly(Port port) {
		return Layer.HTTP.fits(port) || Layer.TCP.fits(port);
	}

	/**
	 * The pods of the services that declare the dependency, by their service: a proxy is
	 * given a Secret only by a rule that selects it. An external service is seen in its
	 * own namespace only.
	 */
	static SortedMap<String, Map<String, String>> callers(ServiceSubject subject) {
		SortedMap<String, Map<String, String>> callers = new TreeMap<>();
		ServiceRef own = subject.ref();
		for (Resource<ServiceSpec> caller : subject.declarations()
			.snapshot()
			.index(Key.dependencyOf(own.namespace(), own.name()), ServiceSpec.class)) {
			if (caller.id().namespace().equals(own.namespace()) && caller.spec().external() == null) {
				SortedMap<String, String> common = new TreeMap<>();
				List<Map<String, String>> pods = VersionChecks
					.selectorsOf(caller.id().name(), Given.list(caller.spec().versions()).stream())
					.toList();
				pods.stream().limit(1).forEach(common::putAll);
				pods.forEach((labels) -> common.entrySet().retainAll(labels.entrySet()));
				if (!common.isEmpty()) {
					callers.put(caller.id().name(), common);
				}
			}
		}
		return callers;
	}

}
