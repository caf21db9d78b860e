package dev.meshwright.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;

import dev.meshwright.model.Key;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.plan.PlannedFinding;
import dev.meshwright.model.plan.PlannedUnit;
import org.jspecify.annotations.Nullable;

/**
 * Saved plans, and what planning asks that no push does. A plan expires an hour after it
 * was made and can be read for a day.
 */
public interface Plans {

	/**
	 * Saves a plan under the id of the job that made it, and ends the job.
	 * @return false when the claim was lost; nothing is saved then
	 */
	boolean save(Jobs.Claim claim, Draft draft);

	/**
	 * Applies a plan of what is declared: what it allows is kept, its units are compared
	 * with their clusters and pushed, and the job has succeeded.
	 * @throws StoreFailure.ConcurrentChange the plan was applied or has expired
	 * meanwhile, or the claim was lost
	 */
	void apply(Jobs.Claim claim, Saved plan);

	/** A plan that was made within the last day. */
	Optional<Saved> find(UUID id);

	/**
	 * Every service and namespace that is declared or has units.
	 * @param namespace only those of this namespace, or null for all
	 * @param service only this service, or null for all and the namespace itself
	 * @param atMost the most to answer
	 * @return their placements
	 */
	SortedSet<UnitId> subjects(@Nullable String namespace, @Nullable String service, int atMost);

	/** The units with a cluster that these placements have, declared or not. */
	SortedSet<UnitId> units(Collection<UnitId> placements);

	/** Which of these Kubernetes Namespaces of a cluster are there, by our own hand. */
	Set<String> pushedNamespaces(String cluster, Collection<String> namespaces);

	/** Uids of objects that we had on a cluster and let go, by object. */
	Map<ObjectRef, Set<String>> former(String cluster, Collection<ObjectRef> refs);

	/**
	 * Which of these keys were changed above a revision.
	 * @return the newest revision that changed each; those that were not are missing
	 */
	Map<Key, Long> changed(Collection<Key> keys, long above);

	/**
	 * A plan to save.
	 *
	 * @param revision the revision at which it was made
	 * @param digest a hash of what was planned, read and found
	 * @param applicable whether it may be applied
	 * @param content what it says
	 * @param evidence what is compared when it is applied
	 */
	record Draft(long revision, String digest, boolean applicable, Content content, Evidence evidence) {
	}

	/**
	 * What a plan says.
	 *
	 * @param findings what the compiler says
	 * @param units what would be done
	 */
	record Content(List<PlannedFinding> findings, List<PlannedUnit> units) {
	}

	/**
	 * What a plan rests on.
	 *
	 * @param reads every key that was read, as text
	 * @param objects a hash of what was seen of each object and would be done to it, by
	 * unit and object as text; a unit without objects is among them
	 * @param allowed what each unit may take away and take over when it is applied
	 */
	record Evidence(List<String> reads, Map<String, Map<String, String>> objects, List<Allowed> allowed) {
	}

	/**
	 * What a unit may take away and take over.
	 *
	 * @param cluster the unit's cluster
	 * @param namespace its namespace
	 * @param service its service; empty for the namespace itself
	 * @param removals the objects that may go, each as kind, namespace and name
	 * @param takeovers the objects of others that may become ours, likewise
	 */
	record Allowed(String cluster, String namespace, String service, List<List<String>> removals,
			List<List<String>> takeovers) {

		/** From references. */
		public static Allowed of(UnitId unit, Set<ObjectRef> removals, Set<ObjectRef> takeovers) {
			return new Allowed(unit.cluster(), unit.namespace(), unit.service(), PushStateRows.columns(removals),
					PushStateRows.columns(takeovers));
		}

	}

	/**
	 * A saved plan.
	 *
	 * @param id its id
	 * @param owner who had it made
	 * @param request what was planned, the JSON of the job
	 * @param revision the revision at which it was made
	 * @param digest a hash of what was planned, read and found
	 * @param applicable whether it may be applied at all
	 * @param expired whether it is too late to apply it
	 * @param content what it says
	 * @param evidence what is compared when it is applied
	 * @param createdAt when it was made
	 * @param expiresAt until when it may be applied
	 * @param appliedAt when it was applied, or null
	 * @param appliedRevision the head revision after that, or null
	 */
	record Saved(UUID id, String owner, String request, long revision, String digest, boolean applicable,
			boolean expired, Content content, Evidence evidence, Instant createdAt, Instant expiresAt,
			@Nullable Instant appliedAt, @Nullable Long appliedRevision) {
	}

}
