package dev.meshwright.reconcile;

import java.util.Optional;
import java.util.stream.Collectors;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterFailure.FieldConflict;
import dev.meshwright.model.ObjectRef;

/** What a failure of a cluster means in a status. */
final class Failures {

	static final String UNREACHABLE = "Unreachable";

	static final String CONFLICT = "Conflict";

	private Failures() {
	}

	static Outcome.Failed of(ObjectRef ref, ClusterFailure failure) {
		return switch (failure) {
			case FieldConflict conflict -> new Outcome.Failed(ref, CONFLICT, ref + ": " + fields(conflict)
					+ " owned by somebody else and never pushed by us; remove the field there or from the declaration");
			case ClusterFailure.Throttled throttled -> new Outcome.Failed(ref, "Throttled",
					ref + ": " + throttled.getMessage(), false, throttled.retryAfter(), null);
			case ClusterFailure.Unavailable _ ->
				new Outcome.Failed(ref, UNREACHABLE, ref + ": " + failure.getMessage(), true, Optional.empty(), null);
			case ClusterFailure.Stale _, ClusterFailure.WrongUid _ ->
				new Outcome.Failed(ref, "Changing", ref + " is being changed by others: " + failure.getMessage());
			case ClusterFailure.Invalid _, ClusterFailure.AdmissionDenied _, ClusterFailure.Forbidden _,
					ClusterFailure.KindNotServed _, ClusterFailure.NamespaceMissing _ ->
				new Outcome.Failed(ref, failure.getClass().getSimpleName(), ref + ": " + failure.getMessage());
		};
	}

	private static String fields(FieldConflict conflict) {
		return conflict.fields()
			.stream()
			.map((field) -> field.path() + " is " + field.manager() + "'s")
			.collect(Collectors.joining(", ")) + ":";
	}

}
