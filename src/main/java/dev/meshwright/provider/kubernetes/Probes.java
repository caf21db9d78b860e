package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.model.service.Workload;
import org.jspecify.annotations.Nullable;

/** The probes of a container. */
final class Probes {

	private Probes() {
	}

	static @Nullable Tree of(Workload.@Nullable Probe probe, PodPorts ports) {
		if (probe == null) {
			return null;
		}
		return handler(probe, ports).with("initialDelaySeconds", probe.initialDelaySeconds())
			.with("periodSeconds", probe.periodSeconds())
			.with("timeoutSeconds", probe.timeoutSeconds())
			.with("successThreshold", probe.successThreshold())
			.with("failureThreshold", probe.failureThreshold());
	}

	private static Tree handler(Workload.Probe probe, PodPorts ports) {
		Tree handler = Tree.empty();
		if (probe.httpGet() != null) {
			handler.with("httpGet", httpGet(probe.httpGet(), ports));
		}
		if (probe.tcpSocket() != null) {
			handler.with("tcpSocket", Tree.of("port", ports.probed(probe.tcpSocket().port())));
		}
		if (probe.grpc() != null) {
			handler.with("grpc", Tree.of("port", probe.grpc().port()).with("service", probe.grpc().service()));
		}
		if (probe.exec() != null) {
			handler.with("exec", Tree.of("command", probe.exec().command()));
		}
		return handler;
	}

	private static Tree httpGet(Workload.HttpGet get, PodPorts ports) {
		return Tree.of("path", get.path())
			.with("port", ports.probed(get.port()))
			.with("scheme", (get.scheme() != null) ? get.scheme().name() : null)
			.with("httpHeaders", (get.headers() != null) ? headers(get.headers()) : null);
	}

	private static List<Map<String, Object>> headers(Map<String, String> headers) {
		return Tree.list(new TreeMap<>(headers).entrySet()
			.stream()
			.map((header) -> Tree.of("name", header.getKey()).always("value", header.getValue()))
			.toList());
	}

}
