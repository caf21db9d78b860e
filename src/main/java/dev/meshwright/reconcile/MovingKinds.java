package dev.meshwright.reconcile;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.meshwright.model.ObjectKind;

/**
 * Kinds of which a cluster's objects get new resourceVersions without us, mostly as a
 * controller there writes their status. Which ones depends on what runs in the cluster,
 * so that it is learnt from what is read there; a kind counts as quiet until then, and
 * again when an object of it is met as we left it. Nothing but the number of calls
 * depends on it.
 */
final class MovingKinds {

	private final Set<ObjectKind> moving = ConcurrentHashMap.newKeySet();

	boolean includes(ObjectKind kind) {
		return this.moving.contains(kind);
	}

	/** An object was read: with the resourceVersion that we know of, or with another. */
	void met(ObjectKind kind, boolean moved) {
		if (moved) {
			this.moving.add(kind);
		}
		else {
			this.moving.remove(kind);
		}
	}

}
