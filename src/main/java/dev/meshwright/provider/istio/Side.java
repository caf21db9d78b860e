package dev.meshwright.provider.istio;

import java.util.List;
import java.util.Optional;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel.Exposure;

/**
 * From where requests come: from callers inside the mesh or through a gateway. It decides
 * which rules and alternatives hold and what a port means.
 *
 * @param exposure the exposure whose gateway it is; empty for the mesh
 */
record Side(Optional<Exposure> exposure) {

	static Side mesh() {
		return new Side(Optional.empty());
	}

	static Side gateway(Exposure exposure) {
		return new Side(Optional.of(exposure));
	}

	boolean isGateway() {
		return this.exposure.isPresent();
	}

	/** Whether a rule with these marks is about this side. */
	boolean isMeant(boolean mesh, boolean gateway) {
		return isGateway() ? gateway : mesh;
	}

	/**
	 * Whether an alternative can hold. A gateway is no workload of a caller, and what
	 * arrives there goes to the exposed port only.
	 */
	boolean canMatch(Optional<Integer> port, List<RouteModel.Source> sources) {
		return this.exposure
			.map((exposed) -> sources.isEmpty() && port.map((number) -> number == exposed.port().port()).orElse(true))
			.orElse(true);
	}

	/**
	 * Whether an alternative of an HTTP rule can hold; claims are known at gateways only.
	 */
	boolean canMatch(RouteModel.Match match) {
		boolean claims = match.declared().claims() != null && !match.declared().claims().isEmpty();
		return (isGateway() || !claims) && canMatch(match.port(), match.sources());
	}

	/**
	 * The port to match on: a gateway's listener has another number than the service, and
	 * only one service port is behind it.
	 */
	Optional<Integer> portMatch(Optional<Integer> port) {
		return isGateway() ? Optional.empty() : port;
	}

	/** The port requests go to; a gateway's own port is not one to follow. */
	Optional<Integer> destinationPort(Optional<Integer> port) {
		return port.or(() -> this.exposure.map((exposed) -> exposed.port().port()));
	}

}
