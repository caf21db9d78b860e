package dev.meshwright.reconcile;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterFailure.FieldConflict;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.Halts;

/** What a failure of a cluster means in a status. */
final class Failures {

	static final String UNREACHABLE = "Unreachable";

	/** It answers, but failed at this call, which says nothing about others. */
	static final String SERVER_ERROR = "ServerError";

	static final String CONFLICT = "Conflict";

	static final String INTERNAL = "InternalError";

	static final String ADMISSION = "AdmissionDenied";

	static final String FORBIDDEN = "Forbidden";

	static final String KIND_NOT_SERVED = "KindNotServed";

	static final String NAMESPACE_MISSING = "NamespaceMissing";

	static final String TERMINATING = "Terminating";

	static final String ORPHANED = "Orphaned";

	/** It is not even known whether this is our cluster. */
	private static final Set<String> HALTED = Arrays.stream(Halts.Reason.values())
		.map(Halts.Reason::toString)
		.collect(Collectors.toSet());

	private Failures() {
	}

	static Outcome.Failed of(ObjectRef ref, ClusterFailure failure) {
		return switch (failure) {
			case FieldConflict conflict -> new Outcome.Failed(ref, CONFLICT, ref + ": " + fields(conflict)
					+ " owned by somebody else and never pushed by us; remove the field there or from the declaration, or adopt it for the service");
			case ClusterFailure.Throttled throttled -> new Outcome.Failed(ref, "Throttled",
					ref + ": " + throttled.getMessage(), false, throttled.retryAfter(), null);
			case ClusterFailure.Unavailable unavailable ->
				new Outcome.Failed(ref, unavailable.answered() ? SERVER_ERROR : UNREACHABLE,
						ref + ": " + failure.getMessage(), true, Optional.empty(), null);
			case ClusterFailure.Stale _, ClusterFailure.WrongUid _ ->
				new Outcome.Failed(ref, "Changing", ref + " is being changed by others: " + failure.getMessage());
			case ClusterFailure.Invalid _ -> failed(ref, "Invalid", failure,
					"The cluster's version or an extension there knows this object otherwise; change the declaration");
			case ClusterFailure.AdmissionDenied _ -> failed(ref, ADMISSION, failure,
					"Change the declaration, or the policy that refuses it; what was there before is kept");
			case ClusterFailure.DryRunUnsupported _ -> failed(ref, "DryRunUnsupported", failure,
					"The push will tell; declare the webhook's sideEffects as None or NoneOnDryRun to know before");
			case ClusterFailure.Forbidden _ ->
				failed(ref, FORBIDDEN, failure, "Allow it to the account that the Cluster's connection uses");
			case ClusterFailure.KindNotServed _ -> failed(ref, KIND_NOT_SERVED, failure, "The cluster does not serve "
					+ ref.kind() + "; install its CRDs there, or correct the Cluster's mesh and gateways");
			case ClusterFailure.NamespaceMissing _ -> failed(ref, NAMESPACE_MISSING, failure,
					"The Kubernetes Namespace is gone or being deleted; it is made again once it is gone");
		};
	}

	/** What nobody foresaw, and the log has. */
	static Outcome.Failed internal(ObjectRef ref) {
		return new Outcome.Failed(ref, INTERNAL,
				ref + ": an internal error broke the push off; it is tried again by itself, and the log says more",
				true, Optional.empty(), null);
	}

	/** Whether a failure leaves open what the cluster has. */
	static boolean leavesOpen(Outcome.Failed failure) {
		return failure.reason().equals(UNREACHABLE) || failure.reason().equals(SERVER_ERROR)
				|| failure.reason().equals(INTERNAL) || HALTED.contains(failure.reason());
	}

	private static Outcome.Failed failed(ObjectRef ref, String reason, ClusterFailure failure, String remedy) {
		return new Outcome.Failed(ref, reason, ref + ": " + failure.getMessage() + ". " + remedy);
	}

	private static String fields(FieldConflict conflict) {
		return conflict.fields()
			.stream()
			.map((field) -> field.path() + " is " + field.manager() + "'s")
			.collect(Collectors.joining(", ")) + ":";
	}

}
