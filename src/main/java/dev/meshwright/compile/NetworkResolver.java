package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

import dev.meshwright.compile.SecurityModel.Block;
import dev.meshwright.compile.SecurityModel.Flow;
import dev.meshwright.compile.SecurityModel.Identity;
import dev.meshwright.compile.SecurityModel.Network;
import dev.meshwright.compile.SecurityModel.Operation;
import dev.meshwright.compile.SecurityModel.Peer;
import dev.meshwright.compile.SecurityModel.PodPort;
import dev.meshwright.compile.SecurityModel.Pods;
import dev.meshwright.compile.SecurityModel.Rule;
import dev.meshwright.compile.SecurityModel.Source;
import dev.meshwright.model.IntOrString;
import dev.meshwright.model.security.NetworkRules.Peers;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Protocol;

/**
 * Derives what the network lets through. It never keeps out what access allows: what the
 * network cannot tell (methods, claims, original addresses) it leaves open for the mesh
 * to look at.
 */
final class NetworkResolver {

	private final SecurityResolver names;

	private final ServiceSubject subject;

	NetworkResolver(SecurityResolver names, ServiceSubject subject) {
		this.names = names;
		this.subject = subject;
	}

	Network resolve(MergedSecurity.Network network, SecurityModel.Access enforced) {
		List<Flow> ingress = new ArrayList<>();
		if (enforced.defaultDeny()) {
			enforced.allow().forEach((rule) -> flow(rule).ifPresent(ingress::add));
		}
		else {
			ingress.add(new Flow(List.of(), List.of()));
		}
		network.ingress().forEach((peers) -> declared(peers, this::podPorts).ifPresent(ingress::add));
		return new Network(List.copyOf(ingress),
				network.egress()
					.map((egress) -> egress.stream()
						.flatMap((peers) -> declared(peers, NetworkResolver::peerPorts).stream())
						.toList()));
	}

	/** Nothing when no caller can be what the rule asks for. */
	private static Optional<Flow> flow(Rule rule) {
		Set<Peer> peers = new LinkedHashSet<>();
		boolean anyone = rule.from().isEmpty();
		for (Source source : rule.from()) {
			anyone |= source.identities().isEmpty() && source.namespaces().isEmpty() && source.ipBlocks().isEmpty();
			peers.addAll(peers(source));
		}
		Set<PodPort> ports = new LinkedHashSet<>();
		boolean all = rule.to().isEmpty();
		for (Operation operation : rule.to()) {
			all |= operation.ports().isEmpty();
			operation.ports().forEach((port) -> ports.add(podPort(port)));
		}
		return (peers.isEmpty() && !anyone) ? Optional.empty()
				: Optional.of(new Flow(anyone ? List.of() : List.copyOf(peers), all ? List.of() : List.copyOf(ports)));
	}

	/** The peers of a source, as far as the network can tell them. */
	private static List<Peer> peers(Source source) {
		List<Peer> peers = new ArrayList<>();
		if (!source.identities().isEmpty()) {
			source.identities()
				.stream()
				.filter((identity) -> source.namespaces().isEmpty()
						|| source.namespaces().contains(identity.namespace()))
				.forEach((identity) -> peers.addAll(pods(identity)));
		}
		else if (!source.namespaces().isEmpty()) {
			source.namespaces().forEach((namespace) -> peers.add(new Pods(namespace, Map.of())));
		}
		else {
			source.ipBlocks().forEach((block) -> peers.add(block(block)));
		}
		return peers;
	}

	private static List<Peer> pods(Identity identity) {
		return identity.pods().isEmpty() ? List.of(new Pods(identity.namespace(), Map.of()))
				: identity.pods()
					.stream()
					.<Peer>map((labels) -> new Pods(identity.namespace(), new TreeMap<>(labels)))
					.toList();
	}

	private static Peer block(String text) {
		boolean v6 = text.contains(":");
		return new Block(text.contains("/") ? text : text + (v6 ? "/128" : "/32"), List.of());
	}

	/** Nothing when it is only about ports that this service does not have. */
	private Optional<Flow> declared(Said<Peers> said, Function<Peers, List<PodPort>> numbers) {
		Peers declared = said.value();
		List<Peer> peers = new ArrayList<>();
		this.names.services(declared.services(), said.at(this.names.reported()))
			.forEach((identity) -> peers.addAll(pods(identity)));
		Given.list(declared.namespaces()).forEach((namespace) -> peers.add(new Pods(namespace, Map.of())));
		this.names.gateways(declared.gateways()).forEach((identity) -> peers.addAll(pods(identity)));
		Given.list(declared.ipBlocks()).forEach((block) -> peers.add(block(block)));
		List<PodPort> ports = numbers.apply(declared);
		return (declared.ports() != null && ports.isEmpty()) ? Optional.empty()
				: Optional.of(new Flow(peers.stream().distinct().toList(), ports));
	}

	private List<PodPort> podPorts(Peers peers) {
		List<PodPort> ports = new ArrayList<>();
		for (IntOrString declared : Given.list(peers.ports())) {
			if (declared.numeric()) {
				ports.addAll(both(declared));
			}
			else {
				this.subject.ports()
					.stream()
					.filter((port) -> port.name().equals(declared.text()))
					.forEach((port) -> ports.add(podPort(port)));
			}
		}
		return ports;
	}

	private static List<PodPort> peerPorts(Peers peers) {
		return Given.list(peers.ports()).stream().flatMap((port) -> both(port).stream()).toList();
	}

	/** A number alone does not say whether it is TCP or UDP. */
	private static List<PodPort> both(IntOrString number) {
		return List.of(new PodPort(number.value(), false), new PodPort(number.value(), true));
	}

	private static PodPort podPort(Port port) {
		boolean named = port.targetPort() != null && !port.targetPort().numeric();
		return new PodPort(named ? port.targetPort().text() : (Object) SecurityResolver.podPort(port),
				port.protocol() == Protocol.UDP);
	}

}
