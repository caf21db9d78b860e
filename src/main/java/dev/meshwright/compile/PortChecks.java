package dev.meshwright.compile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Protocol;

/** The ports of a service. */
final class PortChecks implements Check {

	private static final int LONGEST_CONTAINER_PORT_NAME = 15;

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		At at = findings.spec(subject.service().id());
		if (subject.ports().isEmpty()) {
			at.at("ports").report(DiagnosticCode.REQUIRED_FIELD, "the service has no port", "at least one port");
		}
		Set<String> names = new HashSet<>();
		Set<List<Object>> numbers = new HashSet<>();
		at.each("ports", subject.ports(), (port, place) -> {
			name(port, subject, place.at("name"));
			Values.port(port.port(), place.at("port"));
			place.given("targetPort", port.targetPort(), (target, field) -> target(target, subject, field));
			if (!names.add(port.name())) {
				place.at("name").report(DiagnosticCode.DUPLICATE_NAME, "two ports are named '" + port.name() + "'");
			}
			boolean apart = port.protocol() == Protocol.UDP && subject.spec().external() == null;
			if (!numbers.add(List.of(port.port(), apart))) {
				place.at("port").report(DiagnosticCode.DUPLICATE_NAME, "two ports have the number " + port.port());
			}
		});
	}

	private static void name(Port port, ServiceSubject subject, At at) {
		Names.rfc1123(port.name(), at);
		if (subject.hasManagedVersions() && (port.name().length() > LONGEST_CONTAINER_PORT_NAME
				|| port.name().chars().noneMatch(Character::isLetter) || port.name().contains("--"))) {
			at.report(DiagnosticCode.INVALID_NAME, "'" + port.name() + "' cannot name a container's port",
					"at most 15 lower-case letters, digits and single -, at least one of them a letter");
		}
	}

	private static void target(IntOrString target, ServiceSubject subject, At at) {
		if (target.numeric()) {
			long number = Long.parseLong(target.text());
			Values.range(number, 1, 65_535, at);
		}
		else if (subject.hasManagedVersions()) {
			at.report(DiagnosticCode.TARGET_PORT_NOT_NUMERIC, "'" + target + "' is a name");
		}
		else {
			Names.rfc1123(target.text(), at);
		}
	}

}
