package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.compile.SecurityModel.Block;
import dev.meshwright.compile.SecurityModel.Flow;
import dev.meshwright.compile.SecurityModel.Network;
import dev.meshwright.compile.SecurityModel.Peer;
import dev.meshwright.compile.SecurityModel.PodPort;
import dev.meshwright.compile.SecurityModel.Pods;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;

/**
 * The NetworkPolicy of a service's pods. Kubernetes always lets a pod's own node in, so
 * the kubelet's probes pass; in ambient mode they come from a link-local address instead,
 * and connections of the mesh arrive on the tunnel's port.
 */
final class NetworkPolicies {

	private static final String NAMESPACE = "kubernetes.io/metadata.name";

	/** Where ztunnel and waypoints take connections of the mesh (HBONE). */
	private static final PodPort TUNNEL = new PodPort(15_008, false);

	/** Where istiod hands out configuration and certificates. */
	private static final PodPort DISCOVERY = new PodPort(15_012, false);

	private static final List<PodPort> DNS = List.of(new PodPort(53, true), new PodPort(53, false));

	/** From here ambient mode sends the kubelet's probes on to pods. */
	private static final String AMBIENT_PROBES = "169.254.7.127/32";

	private final ServiceModel service;

	private final Injection injection;

	private NetworkPolicies(ServiceModel service) {
		this.service = service;
		this.injection = (service.cluster().mesh() == Mesh.ISTIO) ? service.namespace().injection() : Injection.NONE;
	}

	static Optional<Manifest> of(ServiceModel service) {
		return service.security().network().map((network) -> new NetworkPolicies(service).manifest(network));
	}

	private Manifest manifest(Network network) {
		ObjectRef ref = new ObjectRef(ObjectKind.NETWORK_POLICY, this.service.ref().namespace(),
				this.service.ref().name());
		List<String> types = network.egress().isPresent() ? List.of("Ingress", "Egress") : List.of("Ingress");
		Tree spec = Tree.of("podSelector", Tree.of("matchLabels", ServiceObjects.wholeSelector(this.service)))
			.with("policyTypes", types)
			.with("ingress", ingress(network.ingress()))
			.with("egress", network.egress().map(this::egress).orElse(List.of()));
		return Manifest.make(ref,
				ObjectBody.of(ref, Labels.ofService(this.service.ref().name())).with("spec", spec).toMap());
	}

	private List<Map<String, Object>> ingress(List<Flow> flows) {
		List<Map<String, Object>> rules = new ArrayList<>();
		flows.forEach((flow) -> rules.add(rule("from", tunnelled(flow))));
		if (this.injection == Injection.AMBIENT) {
			rules.add(rule("from", new Flow(List.of(new Block(AMBIENT_PROBES, List.of())), List.of())));
			waypoint().ifPresent((waypoint) -> rules.add(rule("from", new Flow(List.of(waypoint), List.of(TUNNEL)))));
		}
		return rules.stream().distinct().toList();
	}

	private List<Map<String, Object>> egress(List<Flow> flows) {
		List<Map<String, Object>> rules = new ArrayList<>();
		rules.add(rule("to", new Flow(List.of(), DNS)));
		if (this.injection == Injection.SIDECAR) {
			rules.add(rule("to",
					new Flow(List.of(new Pods(this.service.cluster().rootNamespace(), Map.of())), List.of(DISCOVERY))));
		}
		for (Flow flow : flows) {
			rules.add(rule("to", tunnelled(flow)));
			if (this.injection == Injection.AMBIENT) {
				flow.peers()
					.stream()
					.filter(Pods.class::isInstance)
					.map(Pods.class::cast)
					.map((pods) -> new Flow(List.of(new Pods(pods.namespace(), Map.of())), List.of(TUNNEL)))
					.forEach((waypoints) -> rules.add(rule("to", waypoints)));
			}
		}
		return rules.stream().distinct().toList();
	}

	/** The proxies of a namespace's waypoint. */
	private Optional<Peer> waypoint() {
		return this.service.namespace()
			.waypoint()
			.map((waypoint) -> new Pods(this.service.ref().namespace(),
					Map.of("gateway.networking.k8s.io/gateway-name", waypoint)));
	}

	private Flow tunnelled(Flow flow) {
		if (this.injection != Injection.AMBIENT || flow.ports().isEmpty()) {
			return flow;
		}
		List<PodPort> ports = new ArrayList<>(flow.ports());
		ports.add(TUNNEL);
		return new Flow(flow.peers(), ports);
	}

	private static Map<String, Object> rule(String direction, Flow flow) {
		return Tree.of(direction, Tree.list(flow.peers().stream().map(NetworkPolicies::peer).toList()))
			.with("ports",
					Tree.list(flow.ports()
						.stream()
						.map((port) -> Tree.of("protocol", port.udp() ? "UDP" : "TCP").with("port", port.port()))
						.toList()))
			.toMap();
	}

	private static Tree peer(Peer peer) {
		return switch (peer) {
			case Pods pods -> {
				Tree tree = Tree.of("namespaceSelector", Tree.of("matchLabels", Map.of(NAMESPACE, pods.namespace())));
				yield pods.labels().isEmpty() ? tree : tree.with("podSelector", Tree.of("matchLabels", pods.labels()));
			}
			case Block block -> Tree.of("ipBlock", Tree.of("cidr", block.cidr()).with("except", block.except()));
		};
	}

}
