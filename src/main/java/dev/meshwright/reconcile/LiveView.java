package dev.meshwright.reconcile;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
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

	private final Map<Place, ClusterFailure> unread = new HashMap<>();

	/** What one list shows. */
	private record Place(ObjectKind kind, String namespace) {
	}

	LiveView(ClusterGateway gateway, ClusterLane lane, boolean urgent) {
		this.gateway = gateway;
		this.lane = lane;
		this.urgent = urgent;
	}

	/**
	 * Lists what many of these objects have in common. A list that is refused, such as
	 * for want of a right in its namespace, concerns nothing but what it would show.
	 * @throws ClusterFailure.Unavailable nothing can be read
	 */
	void prepare(Collection<ObjectRef> refs) throws InterruptedException {
		Map<Place, Integer> counts = new HashMap<>();
		refs.forEach((ref) -> counts.merge(new Place(ref.kind(), ref.namespace()), 1, Integer::sum));
		for (var count : counts.entrySet()) {
			if (count.getValue() >= MANY) {
				list(count.getKey());
			}
		}
	}

	private void list(Place place) throws InterruptedException {
		try {
			List<LiveObject> found = this.lane.call(this.urgent, () -> this.gateway.list(place.kind, place.namespace));
			found.forEach((live) -> this.listed.put(live.ref(), live));
		}
		catch (ClusterFailure.Unavailable silent) {
			throw silent;
		}
		catch (ClusterFailure refused) {
			this.unread.put(place, refused);
		}
	}

	/**
	 * One of them.
	 * @throws ClusterFailure it cannot be read, or the list that would show it could not
	 */
	Optional<LiveObject> find(ObjectRef ref) throws InterruptedException {
		ClusterFailure refused = this.unread.get(new Place(ref.kind(), ref.namespace()));
		if (refused != null) {
			throw refused;
		}
		LiveObject live = this.listed.get(ref);
		return (live != null) ? Optional.of(live) : this.lane.call(this.urgent, () -> this.gateway.get(ref));
	}

	/** What an apply would make of an object, which stays as it is. */
	LiveObject rehearse(Apply apply) throws InterruptedException {
		return this.lane.call(this.urgent, () -> this.gateway.dryRun(apply)).live();
	}

}
