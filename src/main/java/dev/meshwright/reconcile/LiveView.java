package dev.meshwright.reconcile;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/**
 * The live objects of a batch: where many of one kind and namespace are asked for, they
 * are listed at once. What a list does not show is asked for by name before it counts as
 * gone.
 */
final class LiveView {

	private static final int MANY = 4;

	private final ClusterGateway gateway;

	private final ClusterLane lane;

	private final boolean urgent;

	private final Map<ObjectRef, LiveObject> listed = new HashMap<>();

	LiveView(ClusterGateway gateway, ClusterLane lane, boolean urgent) {
		this.gateway = gateway;
		this.lane = lane;
		this.urgent = urgent;
	}

	/** Lists what many of these objects have in common. */
	void prepare(Collection<ObjectRef> refs) throws InterruptedException {
		Map<ObjectKind, Map<String, Integer>> counts = new HashMap<>();
		refs.forEach((ref) -> counts.computeIfAbsent(ref.kind(), (kind) -> new HashMap<>())
			.merge(ref.namespace(), 1, Integer::sum));
		for (var kind : counts.entrySet()) {
			for (var namespace : kind.getValue().entrySet()) {
				if (namespace.getValue() >= MANY) {
					List<LiveObject> found = this.lane.call(this.urgent,
							() -> this.gateway.list(kind.getKey(), namespace.getKey()));
					found.forEach((live) -> this.listed.put(live.ref(), live));
				}
			}
		}
	}

	/** One of them. */
	Optional<LiveObject> find(ObjectRef ref) throws InterruptedException {
		LiveObject live = this.listed.get(ref);
		return (live != null) ? Optional.of(live) : this.lane.call(this.urgent, () -> this.gateway.get(ref));
	}

}
