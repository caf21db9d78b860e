package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.meshwright.model.IntOrString;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Protocol;

/**
 * The ports of a managed version's pods. They follow from the service's ports: a
 * {@code targetPort} that is a name is a container port with that name and the service
 * port's own number.
 */
final class PodPorts {

	/**
	 * What Kubernetes takes as a container port's name (an IANA service name); service
	 * ports may be longer.
	 */
	private static final Pattern NAME = Pattern.compile("(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?");

	private final List<Port> ports;

	PodPorts(List<Port> ports) {
		this.ports = ports;
	}

	/** The number on which pods listen for a service port. */
	static int number(Port port) {
		IntOrString target = port.targetPort();
		return (target != null && target.numeric()) ? Integer.parseInt(target.text()) : port.port();
	}

	/** {@code TCP} or {@code UDP}. */
	static String transport(Port port) {
		return (port.protocol() == Protocol.UDP) ? "UDP" : "TCP";
	}

	/**
	 * The container's ports, each number once: a name that a targetPort uses wins over a
	 * service port's.
	 */
	List<Map<String, Object>> containerPorts() {
		Map<String, Port> byNumber = new LinkedHashMap<>();
		for (Port port : this.ports) {
			byNumber.merge(number(port) + transport(port), port,
					(first, next) -> (!named(first) && named(next)) ? next : first);
		}
		List<String> taken = new ArrayList<>();
		List<Tree> written = new ArrayList<>();
		for (Port port : byNumber.values()) {
			String name = name(port);
			boolean usable = NAME.matcher(name).matches() && !taken.contains(name);
			taken.add(name);
			written.add(Tree.of("name", usable ? name : null)
				.with("containerPort", number(port))
				.with("protocol", transport(port)));
		}
		return Tree.list(written);
	}

	/**
	 * A probe's port: the number behind a service port's name, otherwise what is
	 * declared.
	 */
	Object probed(IntOrString declared) {
		return this.ports.stream()
			.filter((port) -> !declared.numeric() && port.name().equals(declared.text()))
			.findFirst()
			.<Object>map(PodPorts::number)
			.orElseGet(declared::value);
	}

	private static boolean named(Port port) {
		return port.targetPort() != null && !port.targetPort().numeric();
	}

	private static String name(Port port) {
		IntOrString target = port.targetPort();
		return (target != null && !target.numeric()) ? target.text() : port.name();
	}

}
