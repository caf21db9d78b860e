package dev.meshwright.reconcile;

import java.util.List;
import java.util.Optional;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.ObjectGateway;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.PushState.InventoryEntry;

/**
 * Takes objects of one unit away: only the one whose uid we recorded, and only while it
 * carries our label.
 *
 * <p>
 * At the resourceVersion of our last write an object carries our label, because that
 * write set it. So a delete under that precondition needs no look before it: it is
 * refused when anything was changed since, and then we look.
 *
 * @param gateway the cluster
 * @param moving where it is no use to try without a look
 */
record ObjectRemoval(ObjectGateway gateway, MovingKinds moving) {

	private static final int TRIES = 5;

	/**
	 * Takes one object away.
	 * @param remove in which way
	 * @param entry what the inventory knows of it
	 * @param untouched whether nothing speaks against its being as the inventory has it
	 */
	Outcome remove(Step.Remove remove, InventoryEntry entry, boolean untouched) {
		try {
			if (untouched && remove.how() == Step.How.DELETE && provesLabel(entry)
					&& !this.moving.includes(remove.ref().kind())) {
				try {
					return delete(remove.ref(), String.valueOf(entry.uid()), String.valueOf(entry.resourceVersion()));
				}
				catch (ClusterFailure.Stale | ClusterFailure.WrongUid changed) {
					// looked at, then
				}
			}
			return look(remove, entry);
		}
		catch (ClusterFailure failure) {
			return Failures.of(remove.ref(), failure);
		}
	}

	/**
	 * Whether the label was among the fields that we owned at the recorded
	 * resourceVersion. Where the API server keeps no such books that version may be of a
	 * look at which only what is declared was compared.
	 */
	private static boolean provesLabel(InventoryEntry entry) {
		return entry.uid() != null && entry.resourceVersion() != null && entry.hash() != null
				&& !entry.ownedHash().isEmpty() && entry.intentFence() == null;
	}

	private Outcome look(Step.Remove remove, InventoryEntry entry) {
		for (int tries = TRIES; tries > 0; tries--) {
			Optional<LiveObject> live = (remove.how() == Step.How.FORGET) ? Optional.empty()
					: this.gateway.get(remove.ref());
			if (live.isEmpty() || !live.get().uid().equals(entry.uid())) {
				return new Outcome.Removed(remove.ref(), remove.how() != Step.How.DELETE);
			}
			this.moving.met(remove.ref().kind(), !live.get().resourceVersion().equals(entry.resourceVersion()));
			try {
				return remove(remove, live.get());
			}
			catch (ClusterFailure.Stale | ClusterFailure.WrongUid changed) {
				// read again
			}
		}
		return new Outcome.Failed(remove.ref(), "Changing", remove.ref() + " is changed by others all the time");
	}

	private Outcome remove(Step.Remove remove, LiveObject live) {
		ObjectRef ref = remove.ref();
		if (remove.how() == Step.How.WITHDRAW) {
			withdraw(this.gateway, live);
			return new Outcome.Removed(ref, true);
		}
		if (!live.label(Stamps.MANAGED_BY).filter(Stamps.MESHWRIGHT::equals).isPresent()) {
			return new Outcome.Failed(ref, Failures.ORPHANED, ref + " no longer carries the label " + Stamps.MANAGED_BY
					+ "=" + Stamps.MESHWRIGHT + ", so it is not deleted; delete it, or put the label back");
		}
		return live.terminating() ? terminating(live) : delete(ref, live.uid(), live.resourceVersion());
	}

	/** The answer says whether anything is left. */
	private Outcome delete(ObjectRef ref, String uid, String resourceVersion) {
		return this.gateway.delete(ref, uid, resourceVersion)
			.map(ObjectRemoval::terminating)
			.orElseGet(() -> new Outcome.Removed(ref, false));
	}

	private static Outcome terminating(LiveObject live) {
		List<String> finalizers = live.finalizers();
		return new Outcome.Failed(live.ref(), Failures.TERMINATING,
				live.ref() + " is being deleted and waits for " + (finalizers.isEmpty() ? "what depends on it"
						: "the controllers of its finalizers " + finalizers + "; see why they do not finish"));
	}

	/** Gives up every field that we own of an object. */
	static void withdraw(ObjectGateway gateway, LiveObject live) {
		LiveObject present = live;
		for (int tries = TRIES; tries > 0; tries--) {
			try {
				gateway.apply(new Apply(present.ref(), Stamps.nothing(present.ref()), present.uid(),
						present.resourceVersion(), false));
				return;
			}
			catch (ClusterFailure.Stale changed) {
				Optional<LiveObject> found = gateway.get(live.ref()).filter((it) -> it.uid().equals(live.uid()));
				if (found.isEmpty() || tries == 1) {
					throw changed;
				}
				present = found.get();
			}
		}
	}

}
