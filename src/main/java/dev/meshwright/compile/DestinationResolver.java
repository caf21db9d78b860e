package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.service.ServiceSpec;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Version;
import org.jspecify.annotations.Nullable;

/** Follows the destinations of rules to services, versions and port numbers. */
final class DestinationResolver {

	private final ServiceSubject subject;

	DestinationResolver(ServiceSubject subject) {
		this.subject = subject;
	}

	/**
	 * What a rule names as destination.
	 *
	 * @param service the service, or null for the rule's own
	 * @param version the version, or null for the service as a whole
	 * @param port the port's name, or null for the one that corresponds
	 * @param use what the service is used as
	 */
	record Wanted(@Nullable String service, @Nullable String version, @Nullable String port, Use use) {
	}

	/**
	 * A destination that exists.
	 *
	 * @param service the service
	 * @param version the version, empty for the service as a whole
	 * @param port the port's number; empty when it follows the port that was called
	 */
	record Resolved(Resource<ServiceSpec> service, Optional<Version> version, Optional<Integer> port) {

		ServiceRef ref() {
			return new ServiceRef(this.service.id().namespace(), this.service.id().name());
		}

	}

	/**
	 * Resolves one destination, reporting everything that stands against it.
	 * @param wanted what the rule names
	 * @param layer what the rule looks at
	 * @param called the ports of the rule's own service on which it holds
	 * @param at the destination's place
	 */
	Optional<Resolved> resolve(Wanted wanted, Layer layer, List<Port> called, At at) {
		Optional<Resource<ServiceSpec>> service = service(wanted, at);
		if (service.isEmpty()) {
			return Optional.empty();
		}
		List<Version> versions = Given.list(service.get().spec().versions());
		Optional<Version> version = versions.stream()
			.filter((candidate) -> candidate.name().equals(wanted.version()))
			.findFirst();
		if (wanted.version() != null && version.isEmpty()) {
			List<String> known = versions.stream().map(Version::name).toList();
			at.at("version")
				.report(DiagnosticCode.VERSION_NOT_FOUND,
						service.get().id() + " has no version '" + wanted.version() + "', but " + known,
						Names.nearest(wanted.version(), known));
			return Optional.empty();
		}
		return Optional
			.of(new Resolved(service.get(), version, port(wanted.port(), service.get().spec(), layer, called, at)));
	}

	private Optional<Resource<ServiceSpec>> service(Wanted wanted, At at) {
		if (wanted.service() == null) {
			return Optional.of(this.subject.service());
		}
		ServiceRef own = this.subject.ref();
		ServiceRef ref = ServiceRef.parse(wanted.service(), own.namespace());
		At place = at.at("service");
		if (!Declarations.isReference(ref)) {
			place.report(DiagnosticCode.INVALID_REFERENCE, "'" + wanted.service() + "' names no service");
			return Optional.empty();
		}
		Optional<Resource<ServiceSpec>> found = this.subject.declarations().usable(ref, own, wanted.use());
		if (found.isEmpty()) {
			notFound(ref, wanted.use(), place);
		}
		return found;
	}

	private void notFound(ServiceRef ref, Use use, At at) {
		String home = this.subject.ref().namespace();
		if (ref.namespace().equals(home)) {
			at.report(DiagnosticCode.SERVICE_NOT_FOUND, "Service " + ref + " is not declared");
		}
		else {
			at.report(DiagnosticCode.NOT_FOUND_OR_NOT_GRANTED,
					"Service " + ref + " is not declared, or not granted as " + use, home, use);
		}
	}

	private static Optional<Integer> port(@Nullable String name, ServiceSpec target, Layer layer, List<Port> called,
			At at) {
		List<Port> ports = Given.list(target.ports());
		List<Port> fitting = layer.of(ports);
		if (name != null) {
			return named(name, ports, layer, at.at("port"));
		}
		if (fitting.isEmpty()) {
			at.report(DiagnosticCode.PORT_NOT_ROUTABLE, "the destination has no port that speaks " + layer.text(),
					layer.text());
			return Optional.empty();
		}
		Set<Optional<Port>> corresponding = called.stream()
			.map((port) -> corresponding(port, fitting))
			.collect(Collectors.toSet());
		if (corresponding.contains(Optional.<Port>empty())) {
			at.report(DiagnosticCode.PORT_REQUIRED, "none of several ports has the name or number of the port called",
					fitting.stream().map(Port::name).toList());
			return Optional.empty();
		}
		if (corresponding.size() == 1) {
			return corresponding.iterator().next().map(Port::port);
		}
		boolean follows = called.stream()
			.allMatch(
					(port) -> corresponding(port, fitting).filter((other) -> other.port() == port.port()).isPresent());
		if (!follows) {
			at.report(DiagnosticCode.PORT_REQUIRED, "the rule holds for several ports whose numbers differ there",
					fitting.stream().map(Port::name).toList());
		}
		return Optional.empty();
	}

	private static Optional<Integer> named(String name, List<Port> ports, Layer layer, At at) {
		Optional<Port> found = ports.stream().filter((port) -> port.name().equals(name)).findFirst();
		if (found.isEmpty()) {
			at.report(DiagnosticCode.PORT_NOT_FOUND, "there is no port '" + name + "'",
					ports.stream().map(Port::name).toList());
		}
		else if (!layer.fits(found.get())) {
			at.report(DiagnosticCode.PORT_NOT_ROUTABLE,
					"port '" + name + "' speaks " + found.get().protocol() + ", the rule is about " + layer.text(),
					layer.text());
		}
		return found.map(Port::port);
	}

	/** The same name, else the same number, else the only one. */
	private static Optional<Port> corresponding(Port called, List<Port> ports) {
		return ports.stream()
			.filter((port) -> port.name().equals(called.name()))
			.findFirst()
			.or(() -> ports.stream().filter((port) -> port.port() == called.port()).findFirst())
			.or(() -> (ports.size() == 1) ? Optional.of(ports.getFirst()) : Optional.empty());
	}

}
