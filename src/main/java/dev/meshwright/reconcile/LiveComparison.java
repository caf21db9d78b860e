package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.ObjectGateway;
import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;

/**
 * Whether a live object still is what was pushed. Whoever changes a field that we own
 * takes its ownership away, and the API server keeps the books: as long as it says that
 * we own what we owned after the push, nothing of ours was changed, however the server
 * spells values. Values are compared only where it does not say.
 */
final class LiveComparison {

	private LiveComparison() {
	}

	/** Whether something that we pushed is missing or different. */
	static boolean drifted(InventoryEntry entry, LiveObject live) {
		if (live.resourceVersion().equals(entry.resourceVersion()) && live.uid().equals(entry.uid())) {
			return false;
		}
		String owned = ownedHash(live);
		return owned.isEmpty() || entry.ownedHash().isEmpty() ? !includes(live.body(), entry.body())
				: !owned.equals(entry.ownedHash());
	}

	/**
	 * The hash of the fields that we own, and of those that we left to somebody while
	 * another one has them; empty when the object says nothing of it.
	 */
	static String ownedHash(LiveObject live) {
		if (live.body().get("metadata") instanceof Map<?, ?> metadata
				&& metadata.get("managedFields") instanceof List<?> managers) {
			List<?> fields = managers.stream()
				.filter((entry) -> entry instanceof Map<?, ?> manager
						&& ObjectGateway.FIELD_MANAGER.equals(manager.get("manager"))
						&& "Apply".equals(manager.get("operation")))
				.map((entry) -> ((Map<?, ?>) entry).get("fieldsV1"))
				.toList();
			if (fields.isEmpty() || fields.contains(null)) {
				return "";
			}
			List<String> strangers = LeasedFields.strangers(live)
				.stream()
				.map((lease) -> lease.field() + "=" + LeasedFields.managers(live, lease))
				.toList();
			return CanonicalJson.sha256(strangers.isEmpty() ? fields : List.of(fields, strangers));
		}
		return "";
	}

	/**
	 * Whether a live value includes a pushed one: maps field by field, lists item by
	 * item, numbers by value. What is empty in the pushed one may be missing.
	 */
	static boolean includes(@Nullable Object live, @Nullable Object pushed) {
		return switch (pushed) {
			case null -> true;
			case Map<?, ?> fields -> fields.isEmpty() || (live instanceof Map<?, ?> values && fields.entrySet()
				.stream()
				.allMatch((field) -> includes(values.get(field.getKey()), field.getValue())));
			case List<?> items -> items.isEmpty() || (live instanceof List<?> values && includesAll(values, items));
			case Number number ->
				(live instanceof Number other) ? Double.compare(number.doubleValue(), other.doubleValue()) == 0
						: number.toString().equals(String.valueOf(live));
			default -> pushed.toString().equals(String.valueOf(live));
		};
	}

	private static boolean includesAll(List<?> live, List<?> pushed) {
		if (live.size() != pushed.size()) {
			return false;
		}
		for (int index = 0; index < pushed.size(); index++) {
			if (!includes(live.get(index), pushed.get(index))) {
				return false;
			}
		}
		return true;
	}

	/** Whether it is a Deployment of which a replica is available. */
	static boolean hasAvailableReplica(LiveObject live) {
		return live.ref().kind() == ObjectKind.DEPLOYMENT && live.body().get("status") instanceof Map<?, ?> status
				&& status.get("availableReplicas") instanceof Number replicas && replicas.intValue() >= 1;
	}

}
