package dev.meshwright.cluster;

import java.util.Optional;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * What may be done to one object of a cluster, which is all that a push needs. Every call
 * may throw {@link ClusterFailure}, a closed set. Only kinds of {@link ObjectKind} can be
 * named at all. Safe for use by many threads; calls block the (virtual) thread.
 */
public interface ObjectGateway {

	/** The field manager under which Meshwright applies. */
	String FIELD_MANAGER = "meshwright";

	/**
	 * The field manager that holds a field which Meshwright lets go, so that it keeps its
	 * value until its new owner writes it.
	 */
	String HANDOVER_MANAGER = "meshwright-handover";

	/**
	 * The live object, or empty when it does not exist.
	 * @throws ClusterFailure.KindNotServed the cluster does not know the kind
	 */
	Optional<LiveObject> get(ObjectRef ref);

	/**
	 * Server-side apply as the field manager that the apply names. Leaf fields that were
	 * applied before and are not in the body any more are removed; lists are what the API
	 * server's schema says, atoms where it says nothing.
	 * @param apply what to apply and under which preconditions
	 * @return the object as it is now and whether this call created it
	 * @throws ClusterFailure.FieldConflict another manager owns a field and the apply is
	 * not forced
	 * @throws ClusterFailure.Stale the resourceVersion is not the live one
	 * @throws ClusterFailure.WrongUid the live object is another one, or there is none,
	 * and a uid was sent
	 */
	Applied apply(Apply apply);

	/**
	 * What {@link #apply} would answer now, admission included, without writing anything.
	 * @param apply what would be applied and under which preconditions
	 * @return the object as it would be, and whether it would be created; uid and
	 * resourceVersion of one that would be created mean nothing
	 * @throws ClusterFailure.DryRunUnsupported a webhook of the cluster that has side
	 * effects would have to be asked
	 * @throws ClusterFailure as {@link #apply} throws
	 */
	Applied dryRun(Apply apply);

	/**
	 * Deletes with background propagation.
	 * @param ref the object
	 * @param uid the uid that the live object must have
	 * @param resourceVersion the resourceVersion that it must have, or null for any
	 * @return what is left of it when others have to do their part before it is gone;
	 * empty when it is gone, or was not there
	 * @throws ClusterFailure.Stale a precondition does not hold
	 */
	Optional<LiveObject> delete(ObjectRef ref, String uid, @Nullable String resourceVersion);

}
