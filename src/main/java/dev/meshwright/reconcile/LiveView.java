package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * The live objects of a batch: where many of one kind and namespace are asked for, they
 * are listed at once, and few are read side by side. What a list does not show is asked
 * for by name before it counts as gone.
 */
final class LiveView {

	/**
	 * A list shows everything of its namespace and is answered only when the API server
	 * knows that it is complete: for fewer than these it costs more than they do.
	 */
	private static final int MANY = 20;

	private final ClusterGateway gateway;

	private final ClusterLane lane;

	private final boolean urgent;

	private final Map<ObjectRef, Read> known = new HashMap<>();

	private final Map<Place, ClusterFailure> unread = new HashMap<>();

	/** What one list shows. */
	private record Place(ObjectKind kind, String namespace) {

		static Place of(ObjectRef ref) {
			return new Place(ref.kind(), ref.namespace());
		}

	}

	/** What the cluster said when it was asked for one object. */
	private record Read(ObjectRef ref, Optional<LiveObject> live, @Nullable ClusterFailure failure) {
	}

	LiveView(ClusterGateway gateway, ClusterLane lane, boolean urgent) {
		this.gateway = gateway;
		this.lane = lane;
		this.urgent = urgent;
	}

	/**
	 * Reads these objects, in lists where many of them have kind and namespace in common.
	 * What is refused, such as for want of a right in its namespace, concerns nothing but
	 * what it would show.
	 * @throws ClusterFailure.Unavailable nothing can be read
	 */
	void prepare(Collection<ObjectRef> refs) throws InterruptedException {
		Map<Place, List<ObjectRef>> places = refs.stream().collect(Collectors.groupingBy(Place::of));
		List<Callable<Read>> few = new ArrayList<>();
		for (var place : places.entrySet()) {
			if (place.getValue().size() >= MANY) {
				list(place.getKey());
			}
			else {
				place.getValue().forEach((ref) -> few.add(() -> read(ref)));
			}
		}
		this.lane.all(few).forEach(this::keep);
	}

	private void list(Place place) throws InterruptedException {
		try {
			List<LiveObject> found = this.lane.call(this.urgent, () -> this.gateway.list(place.kind, place.namespace));
			found.forEach((live) -> keep(new Read(live.ref(), Optional.of(live), null)));
		}
		catch (ClusterFailure.Unavailable silent) {
			throw silent;
		}
		catch (ClusterFailure refused) {
			this.unread.put(place, refused);
		}
	}

	/** Not as an exception, so that the others are read all the same. */
	private Read read(ObjectRef ref) throws InterruptedException {
		try {
			return new Read(ref, get(ref), null);
		}
		catch (ClusterFailure failure) {
			return new Read(ref, Optional.empty(), failure);
		}
	}

	private Optional<LiveObject> get(ObjectRef ref) throws InterruptedException {
		return this.lane.call(this.urgent, () -> this.gateway.get(ref));
	}

	private void keep(Read read) {
		if (read.failure instanceof ClusterFailure.Unavailable silent) {
			throw silent;
		}
		this.known.put(read.ref, read);
	}

	/**
	 * One of them.
	 * @throws ClusterFailure it cannot be read, or the list that would show it could not
	 */
	Optional<LiveObject> find(ObjectRef ref) throws InterruptedException {
		ClusterFailure refused = this.unread.get(Place.of(ref));
		if (refused != null) {
			throw refused;
		}
		Read read = this.known.get(ref);
		if (read == null) {
			return get(ref);
		}
		if (read.failure != null) {
			throw read.failure;
		}
		return read.live;
	}

	/** What an apply would make of an object, which stays as it is. */
	LiveObject rehearse(Apply apply) throws InterruptedException {
		return this.lane.call(this.urgent, () -> this.gateway.dryRun(apply)).live();
	}

}
