package dev.meshwright.store;

import java.util.List;
import java.util.Set;

import dev.meshwright.model.Key;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.Units.Claim;

/**
 * What a worker is about to do for a unit.
 *
 * @param claim its claim
 * @param revision the revision of the snapshot that it compiled
 * @param compilerVersion the compiler's version
 * @param compiled whether that gave no error
 * @param reads every key that the compilation asked for
 * @param intents the objects that it may apply
 * @param tombstones the objects that it no longer yields because of a committed revision
 * @param orphaned objects that it no longer yields for another cause
 * @param wanted objects of the inventory that it yields: their tombstones are taken back
 * @param planned whether it has said what it no longer yields, if anything
 * @param accounts the accounts under which the pods that it wants run
 */
public record PushBeginning(Claim claim, long revision, int compilerVersion, boolean compiled, Set<Key> reads,
		List<Intent> intents, List<Tombstone> tombstones, Set<ObjectRef> orphaned, Set<ObjectRef> wanted,
		boolean planned, Set<String> accounts) {

	/**
	 * The beginning of a unit without pods that has said what it no longer yields when it
	 * compiled.
	 */
	public PushBeginning(Claim claim, long revision, int compilerVersion, boolean compiled, Set<Key> reads,
			List<Intent> intents, List<Tombstone> tombstones, Set<ObjectRef> orphaned, Set<ObjectRef> wanted) {
		this(claim, revision, compilerVersion, compiled, reads, intents, tombstones, orphaned, wanted, compiled,
				Set.of());
	}

	/**
	 * An object that may be applied.
	 *
	 * @param ref the object
	 * @param hash the hash of what is to be applied
	 * @param needs what it needs of other services
	 */
	public record Intent(ObjectRef ref, String hash, Set<String> needs) {

		/** An object that needs nothing of other services. */
		public Intent(ObjectRef ref, String hash) {
			this(ref, hash, Set.of());
		}
	}

	/**
	 * An object that is to go.
	 *
	 * @param ref the object
	 * @param uid the uid recorded when it was pushed
	 * @param revision the committed revision that is the reason
	 */
	public record Tombstone(ObjectRef ref, String uid, long revision) {
	}

}
