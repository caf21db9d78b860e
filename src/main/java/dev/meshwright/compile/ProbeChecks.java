package dev.meshwright.compile;

import java.util.List;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.Workload.HttpGet;
import dev.meshwright.model.service.Workload.Probe;
import dev.meshwright.model.service.Workload.Probes;
import org.jspecify.annotations.Nullable;

/** The probes of a container. */
final class ProbeChecks {

	private final List<Port> ports;

	ProbeChecks(List<Port> ports) {
		this.ports = ports;
	}

	void check(@Nullable Probes probes, At at) {
		if (probes != null) {
			at.given("startup", probes.startup(), (probe, place) -> probe(probe, 1, place));
			at.given("readiness", probes.readiness(), (probe, place) -> probe(probe, Integer.MAX_VALUE, place));
			at.given("liveness", probes.liveness(), (probe, place) -> probe(probe, 1, place));
		}
	}

	private void probe(Probe probe, int mostSuccesses, At at) {
		Values.exactlyOne(at, "httpGet, tcpSocket, grpc and exec", probe.httpGet(), probe.tcpSocket(), probe.grpc(),
				probe.exec());
		at.given("httpGet", probe.httpGet(), this::httpGet);
		at.given("tcpSocket", probe.tcpSocket(), (socket, place) -> port(socket.port(), place.at("port")));
		at.given("grpc", probe.grpc(), (grpc, place) -> Values.port(grpc.port(), place.at("port")));
		at.given("exec", probe.exec(), (exec, place) -> {
			if (exec.command().isEmpty()) {
				place.at("command").report(DiagnosticCode.REQUIRED_FIELD, "the command is empty", "a program");
			}
		});
		Values.range(probe.initialDelaySeconds(), 0, Integer.MAX_VALUE, at.at("initialDelaySeconds"));
		Values.range(probe.periodSeconds(), 1, Integer.MAX_VALUE, at.at("periodSeconds"));
		Values.range(probe.timeoutSeconds(), 1, Integer.MAX_VALUE, at.at("timeoutSeconds"));
		Values.range(probe.successThreshold(), 1, mostSuccesses, at.at("successThreshold"));
		Values.range(probe.failureThreshold(), 1, Integer.MAX_VALUE, at.at("failureThreshold"));
	}

	private void httpGet(HttpGet get, At at) {
		if (!get.path().startsWith("/")) {
			at.at("path")
				.report(DiagnosticCode.INVALID_PATH, "'" + get.path() + "' is no path", "a path that starts with /");
		}
		port(get.port(), at.at("port"));
		at.entries("headers", get.headers(), HeaderChecks::header);
	}

	private void port(IntOrString port, At at) {
		if (port.numeric()) {
			Values.range(Long.parseLong(port.text()), 1, 65_535, at);
		}
		else if (this.ports.stream().noneMatch((candidate) -> candidate.name().equals(port.text()))) {
			at.report(DiagnosticCode.PORT_NOT_FOUND, "there is no port '" + port + "'",
					this.ports.stream().map(Port::name).toList());
		}
	}

}
