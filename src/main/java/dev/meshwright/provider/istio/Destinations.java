package dev.meshwright.provider.istio;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.Manifest;
import dev.meshwright.compile.ClusterModel;
import dev.meshwright.compile.RouteModel;
import dev.meshwright.model.HeaderOperations;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ServiceRef;
import org.jspecify.annotations.Nullable;

/**
 * Where requests for one host of a service go.
 *
 * @param service the service
 * @param host the host that was called; an external service has several, and a request
 * for one of them never goes to another
 * @param side from where requests come
 */
record Destinations(ServiceRef service, String host, Side side) {

	/** Weighted destinations; a single one carries no weight. */
	List<Map<String, Object>> weighted(List<RouteModel.Split> split) {
		return split.stream()
			.map((part) -> Tree.of("destination", destination(part.target()))
				.with("weight", (split.size() == 1) ? null : part.weight())
				.with("headers", part.headers().map(Destinations::headers).orElse(null))
				.map())
			.toList();
	}

	List<Map<String, Object>> mirrors(List<RouteModel.Mirror> mirrors) {
		return mirrors.stream()
			.map((mirror) -> Tree.of("destination", destination(mirror.target()))
				.with("percentage", Values.percentage(mirror.percentage()))
				.map())
			.toList();
	}

	private Tree destination(RouteModel.Target target) {
		return Tree.of("host", target.service().equals(this.service) ? this.host : target.host())
			.with("subset", target.version().orElse(null))
			.with("port",
					this.side.destinationPort(target.port()).map((number) -> Tree.of("number", number)).orElse(null));
	}

	/**
	 * What must be available before requests are moved: a destination without weight gets
	 * none, so nothing waits for it.
	 */
	static Set<ObjectRef> awaited(Stream<RouteModel.Split> splits, Stream<RouteModel.Mirror> mirrors) {
		Set<ObjectRef> deployments = new TreeSet<>();
		splits.filter((split) -> split.weight() > 0)
			.forEach((split) -> deployments.addAll(split.target().deployments()));
		mirrors.filter((mirror) -> mirror.percentage() > 0)
			.forEach((mirror) -> deployments.addAll(mirror.target().deployments()));
		return deployments;
	}

	/** What a target of another service is made of; nothing where it is outside. */
	static Set<Manifest.Need> needed(RouteModel.Target target, ClusterModel cluster) {
		String namespace = target.service().namespace();
		String name = target.service().name();
		if (!target.host().equals(cluster.hostOf(namespace, name))) {
			return Set.of();
		}
		Set<Manifest.Need> needs = new TreeSet<>();
		needs.add(new Manifest.Need(new ObjectRef(ObjectKind.SERVICE, namespace, name), ""));
		target.version().ifPresent((version) -> {
			ObjectRef rule = new ObjectRef(ObjectKind.DESTINATION_RULE, namespace, name);
			needs.add(new Manifest.Need(rule, ""));
			needs.add(new Manifest.Need(rule, version));
		});
		return needs;
	}

	/** Header operations; the proxy reads {@code %} as the start of a variable. */
	static Tree headers(@Nullable HeaderOperations operations) {
		return (operations == null) ? new Tree()
				: Tree.of("request", changes(operations.request())).with("response", changes(operations.response()));
	}

	private static Tree changes(HeaderOperations.@Nullable Changes changes) {
		return (changes == null) ? new Tree()
				: Tree.of("set", literal(changes.set()))
					.with("add", literal(changes.add()))
					.with("remove", changes.remove());
	}

	/** Values in which the proxy reads nothing but themselves. */
	static Map<String, String> literal(@Nullable Map<String, String> headers) {
		Map<String, String> escaped = new TreeMap<>();
		if (headers != null) {
			headers.forEach((name, value) -> escaped.put(name, value.replace("%", "%%")));
		}
		return escaped;
	}

}
