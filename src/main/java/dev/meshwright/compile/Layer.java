package dev.meshwright.compile;

import java.util.List;
import java.util.Set;

import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Protocol;

/** What a rule looks at, and so on which ports it can hold. */
enum Layer {

	HTTP(Set.of(Protocol.HTTP, Protocol.HTTP2, Protocol.GRPC), "HTTP, HTTP2 or GRPC"),

	TLS(Set.of(Protocol.TLS, Protocol.HTTPS), "TLS or HTTPS"),

	TCP(Set.of(Protocol.TCP, Protocol.MONGO, Protocol.MYSQL, Protocol.REDIS), "TCP, MONGO, MYSQL or REDIS");

	private final Set<Protocol> protocols;

	private final String text;

	Layer(Set<Protocol> protocols, String text) {
		this.protocols = protocols;
		this.text = text;
	}

	boolean fits(Port port) {
		return this.protocols.contains(port.protocol());
	}

	/** The ports of a service on which rules of this layer can hold. */
	List<Port> of(List<Port> ports) {
		return ports.stream().filter(this::fits).toList();
	}

	/** The protocols as a sentence names them. */
	String text() {
		return this.text;
	}

}
