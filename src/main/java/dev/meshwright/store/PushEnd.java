package dev.meshwright.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;
import org.jspecify.annotations.Nullable;

/**
 * What became of a unit's push.
 *
 * @param claim the claim, which ends
 * @param revision the revision of the snapshot that was compiled; changes up to it are
 * worked off, by what was done or by what waits; 0 when it came to no compilation
 * @param objects what became of objects
 * @param made whether something new was made, from which the settle time before the
 * switch counts
 * @param switched whether requests were moved, from which the settle time before the
 * break counts
 * @param again when to continue, from now; empty when there is nothing left to do
 * @param failed whether this attempt failed
 * @param compared whether a resync, should this have been one, needs no repetition
 * @param vacant whether nothing is declared for the unit any more: its row goes with its
 * last object
 * @param report what to report; empty when it is what was reported last
 * @param waitsFor units whose end makes this one due
 * @param leaseEnds when the first lease ends by itself under which it was pushed, which
 * makes it due, too; empty when none does
 */
public record PushEnd(Claim claim, long revision, List<ObjectEnd> objects, boolean made, boolean switched,
		Optional<Duration> again, boolean failed, boolean compared, boolean vacant, Optional<UnitReport> report,
		Set<UnitId> waitsFor, Optional<Instant> leaseEnds) {

	/** An end that waits for no other unit. */
	public PushEnd(Claim claim, long revision, List<ObjectEnd> objects, boolean made, boolean switched,
			Optional<Duration> again, boolean failed, boolean compared, boolean vacant, Optional<UnitReport> report) {
		this(claim, revision, objects, made, switched, again, failed, compared, vacant, report, Set.of(),
				Optional.empty());
	}

	/** How many objects of which somebody else's change was undone. */
	public long healed() {
		return this.objects.stream().filter((object) -> object instanceof Pushed pushed && pushed.healed()).count();
	}

	/** What became of one object. */
	public sealed interface ObjectEnd {

		ObjectRef ref();

	}

	/**
	 * It was applied, or found to be as it should.
	 *
	 * @param ref the object
	 * @param uid its uid
	 * @param resourceVersion its resourceVersion
	 * @param hash the hash of what was applied; null when the object was only found to be
	 * ours
	 * @param ownedHash the hash of the fields that the API server says we own
	 * @param body what was applied
	 * @param awaits the Deployments that it awaits
	 * @param revision the revision at which its content last changed
	 * @param forced how often in a row others had to be overruled
	 * @param needs what it needs of other services; null when that is as it was
	 * @param healed whether this undid what somebody else had changed or deleted
	 * @param rewritten what the API server keeps otherwise than it was sent
	 */
	public record Pushed(ObjectRef ref, String uid, String resourceVersion, @Nullable String hash, String ownedHash,
			Map<String, Object> body, Set<ObjectRef> awaits, long revision, int forced, @Nullable Set<String> needs,
			boolean healed, List<PushState.Rewritten> rewritten) implements ObjectEnd {

		/**
		 * An object whose needs are what they were, and that nobody changes.
		 */
		public Pushed(ObjectRef ref, String uid, String resourceVersion, @Nullable String hash, String ownedHash,
				Map<String, Object> body, Set<ObjectRef> awaits, long revision, int forced) {
			this(ref, uid, resourceVersion, hash, ownedHash, body, awaits, revision, forced, null, false, List.of());
		}
	}

	/**
	 * It is gone, or no longer ours: inventory forgets it, a tombstone is worked off.
	 *
	 * @param ref the object
	 * @param kept whether it was let go and stays on the cluster, which counts for no
	 * limit of deletions
	 */
	public record Gone(ObjectRef ref, boolean kept) implements ObjectEnd {
	}

	/** Nothing was written, so the intent is closed. */
	public record Untouched(ObjectRef ref) implements ObjectEnd {
	}

}
