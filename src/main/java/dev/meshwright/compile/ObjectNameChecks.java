package dev.meshwright.compile;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.service.ServiceSpec.Version;

/**
 * Objects are named after services and versions joined by {@code -}, so two services can
 * ask for the same name. Only the few names that could collide are looked up.
 */
final class ObjectNameChecks implements Check {

	private static final String GATEWAY = "-gateway";

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		ServiceRef own = subject.ref();
		At spec = findings.spec(subject.service().id());
		spec.each("versions", subject.versions(), (version, at) -> {
			if (version.workload() != null) {
				deployment(own.name() + "-" + version.name(), subject, at.at("name"));
			}
		});
		if (own.name().endsWith(GATEWAY)) {
			String other = own.name().substring(0, own.name().length() - GATEWAY.length());
			if (isExposed(subject, other)) {
				claimed(findings.name(subject.service().id()), "VirtualService " + own.name(), other);
			}
		}
		if (subject.spec().exposure() != null
				&& subject.declarations().service(new ServiceRef(own.namespace(), own.name() + GATEWAY)).isPresent()) {
			claimed(spec.at("exposure"), "VirtualService " + own.name() + GATEWAY, own.name() + GATEWAY);
		}
	}

	private static void deployment(String name, ServiceSubject subject, At at) {
		for (int dash = name.indexOf('-'); dash > 0; dash = name.indexOf('-', dash + 1)) {
			String service = name.substring(0, dash);
			String version = name.substring(dash + 1);
			if (!service.equals(subject.ref().name()) && runs(subject, service, version)) {
				claimed(at, "Deployment " + name, service);
			}
		}
	}

	private static boolean runs(ServiceSubject subject, String service, String version) {
		return subject.declarations()
			.service(new ServiceRef(subject.ref().namespace(), service))
			.stream()
			.flatMap((other) -> Given.list(other.spec().versions()).stream())
			.filter((candidate) -> candidate.workload() != null)
			.map(Version::name)
			.anyMatch(version::equals);
	}

	private static boolean isExposed(ServiceSubject subject, String service) {
		return subject.declarations()
			.service(new ServiceRef(subject.ref().namespace(), service))
			.filter((other) -> other.spec().exposure() != null)
			.isPresent();
	}

	private static void claimed(At at, String object, String service) {
		at.report(DiagnosticCode.ALREADY_CLAIMED, object + " would be made for service " + service + ", too",
				"rename the service or the version");
	}

}
