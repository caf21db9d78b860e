package dev.meshwright.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.ownership.Adoption;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a unit's push.
 *
 * @param unit the unit
 * @param inventory the objects that it has, or intends to have
 * @param madeAt when something new was last made, or null
 * @param switchedAt when requests were last moved; null before the first time
 * @param compiledRevision the revision of the snapshot it last compiled without error
 * @param namespacePushed whether the Kubernetes Namespace is there, by our own hand
 * @param report what it reported last
 * @param sync what lets it pass closed sync windows, or keeps it back beside what is
 * declared
 * @param adoptions what somebody decided to take over for it
 * @param now the database's time
 */
public record PushState(UnitId unit, List<InventoryEntry> inventory, @Nullable Instant madeAt,
		@Nullable Instant switchedAt, long compiledRevision, boolean namespacePushed, Optional<UnitReport> report,
		Sync sync, List<Adoption> adoptions, Instant now) {

	/**
	 * What matters when pushes are kept back.
	 *
	 * @param restedRevision the revision of the last snapshot of which everything was
	 * pushed; 0 before the first
	 * @param asked whether somebody has asked for a sync that is not done yet
	 * @param deletedNamespace the Namespace as it was when it was deleted, if it is being
	 * deleted; null otherwise
	 */
	public record Sync(long restedRevision, boolean asked, @Nullable NamespaceSpec deletedNamespace) {

		/** Of a unit that was never pushed. */
		public static final Sync NONE = new Sync(0, false, null);

	}

	/**
	 * An object of the inventory.
	 *
	 * @param ref the object
	 * @param uid its uid; null while only an intent to create it is there
	 * @param resourceVersion its resourceVersion when we last saw it
	 * @param hash the hash of what was last pushed; null when that is not known
	 * @param ownedHash the hash of the fields that we owned then
	 * @param body what was last pushed
	 * @param awaits the Deployments that it awaited
	 * @param revision the revision at which its content last changed
	 * @param intentFence the fence of the oldest intent that is open, or null
	 * @param intentHash the hash of what the newest open intent was to push, or null
	 * @param orphaned whether it is kept although nothing yields it
	 * @param tombstoned whether a tombstone asks for it to go
	 * @param forced how often in a row others had to be overruled; 0 once they have left
	 * it alone for a while
	 * @param forcedAt when that was last, or null
	 * @param rewritten what the API server keeps otherwise than it was sent last
	 */
	public record InventoryEntry(ObjectRef ref, @Nullable String uid, @Nullable String resourceVersion,
			@Nullable String hash, String ownedHash, Map<String, Object> body, Set<ObjectRef> awaits, long revision,
			@Nullable Long intentFence, @Nullable String intentHash, boolean orphaned, boolean tombstoned, int forced,
			@Nullable Instant forcedAt, List<Rewritten> rewritten) {

		/** An object that the API server keeps as it was sent. */
		public InventoryEntry(ObjectRef ref, @Nullable String uid, @Nullable String resourceVersion,
				@Nullable String hash, String ownedHash, Map<String, Object> body, Set<ObjectRef> awaits, long revision,
				@Nullable Long intentFence, @Nullable String intentHash, boolean orphaned, boolean tombstoned,
				int forced, @Nullable Instant forcedAt) {
			this(ref, uid, resourceVersion, hash, ownedHash, body, awaits, revision, intentFence, intentHash, orphaned,
					tombstoned, forced, forcedAt, List.of());
		}
	}

	/**
	 * A field of ours that the API server keeps otherwise than it was sent, because an
	 * admission webhook has its say.
	 *
	 * @param path the field as an API server writes it
	 * @param removed whether nothing is there, rather than another value
	 */
	public record Rewritten(String path, boolean removed) {
	}

}
