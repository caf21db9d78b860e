package dev.meshwright.compile;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule.AppliesTo;
import dev.meshwright.model.routing.TcpRule;
import dev.meshwright.model.routing.TlsRule;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/** TLS and TCP rules. */
final class ConnectionRuleChecks {

	private final ServiceSubject subject;

	ConnectionRuleChecks(ServiceSubject subject) {
		this.subject = subject;
	}

	void tls(TlsRule rule, At at) {
		rule(Layer.TLS, at);
		if (rule.match().isEmpty()) {
			at.at("match").report(DiagnosticCode.REQUIRED_FIELD, "there is no match", "at least one match with sni");
		}
		at.each("match", rule.match(), (match, place) -> {
			if (match.sni().isEmpty()) {
				place.at("sni").report(DiagnosticCode.REQUIRED_FIELD, "there is no server name", "at least one");
			}
			place.each("sni", match.sni(), Hosts::dns);
			port(match.port(), this.subject, Layer.TLS, place);
			source(match.source(), rule.appliesTo(), place);
		});
		SplitChecks.check(rule.split(), this.subject, Layer.TLS,
				called(this.subject, Layer.TLS, rule.match().stream().map(TlsRule.TlsMatch::port)), at);
	}

	void tcp(TcpRule rule, At at) {
		rule(Layer.TCP, at);
		at.each("match", rule.match(), (match, place) -> {
			place.each("destinationSubnets", match.destinationSubnets(), Hosts::cidr);
			port(match.port(), this.subject, Layer.TCP, place);
			source(match.source(), rule.appliesTo(), place);
		});
		SplitChecks.check(rule.split(), this.subject, Layer.TCP,
				called(this.subject, Layer.TCP, Given.list(rule.match()).stream().map(TcpRule.TcpMatch::port)), at);
	}

	private void rule(Layer layer, At at) {
		if (layer.of(this.subject.ports()).isEmpty()) {
			at.report(DiagnosticCode.PORT_NOT_ROUTABLE, "the service has no port that speaks " + layer.text(),
					layer.text());
		}
	}

	private void source(HttpMatch.@Nullable Source source, @Nullable AppliesTo appliesTo, At at) {
		at.given("source", source, (given, place) -> {
			new SourceResolver(this.subject).resolve(given, place);
			sourceInMesh(appliesTo, place);
		});
	}

	static void sourceInMesh(@Nullable AppliesTo appliesTo, At at) {
		if (appliesTo == AppliesTo.GATEWAY) {
			at.report(DiagnosticCode.SOURCE_ONLY_IN_MESH, "source is given with appliesTo: gateway");
		}
	}

	/** Checks the port that a match names. */
	static void port(@Nullable String name, ServiceSubject subject, Layer layer, At match) {
		match.given("port", name, (given, at) -> {
			List<Port> named = subject.ports().stream().filter((port) -> port.name().equals(given)).toList();
			if (named.isEmpty()) {
				at.report(DiagnosticCode.PORT_NOT_FOUND, "there is no port '" + given + "'",
						subject.ports().stream().map(Port::name).toList());
			}
			else if (named.stream().noneMatch(layer::fits)) {
				at.report(DiagnosticCode.PORT_NOT_ROUTABLE,
						"port '" + given + "' speaks " + named.getFirst().protocol(), layer.text());
			}
		});
	}

	/** The ports of the service on which a rule with these matches holds. */
	static List<Port> called(ServiceSubject subject, Layer layer, Stream<@Nullable String> ports) {
		List<@Nullable String> names = ports.toList();
		List<Port> fitting = layer.of(subject.ports());
		return (names.isEmpty() || names.stream().anyMatch(Objects::isNull)) ? fitting
				: fitting.stream().filter((port) -> names.contains(port.name())).toList();
	}

}
