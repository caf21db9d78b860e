package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.meshwright.cluster.ClusterFailure.FieldConflict.Field;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.PushState.InventoryEntry;

/**
 * An object of ours that is not as we pushed it.
 *
 * @param ref the object
 * @param missing whether it, or the one that we made, is gone
 * @param fields which fields differ; none when it is gone, and none when others only
 * manage what still has our values
 */
record Drift(ObjectRef ref, boolean missing, List<DriftedField> fields) {

	private static final int MOST_FIELDS = 5;

	/** How a live object differs from what was pushed; empty when it does not. */
	static Optional<Drift> of(InventoryEntry entry, Optional<LiveObject> found) {
		if (found.isEmpty() || !found.get().uid().equals(entry.uid())) {
			return Optional.of(new Drift(entry.ref(), true, List.of()));
		}
		LiveObject live = found.get();
		return LiveComparison.drifted(entry, live)
				? Optional.of(new Drift(entry.ref(), false, DriftedField.between(labelled(entry.body()), live)))
				: Optional.empty();
	}

	/** Whether there is something to see, and not only somebody else who manages it. */
	boolean shows() {
		return this.missing || !this.fields.isEmpty();
	}

	/** The fields as conflicts name them. */
	List<Field> conflicts() {
		return this.fields.stream()
			.map((field) -> new Field(field.manager().isEmpty() ? "others" : field.manager(), field.path()))
			.toList();
	}

	private static Map<String, Object> labelled(Map<String, Object> body) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		if (body.get("metadata") instanceof Map<?, ?> given) {
			given.forEach((name, value) -> metadata.put(String.valueOf(name), value));
		}
		Map<String, Object> labels = new LinkedHashMap<>();
		if (metadata.get("labels") instanceof Map<?, ?> given) {
			given.forEach((name, value) -> labels.put(String.valueOf(name), value));
		}
		labels.put(Stamps.MANAGED_BY, Stamps.MESHWRIGHT);
		metadata.put("labels", labels);
		Map<String, Object> labelled = new LinkedHashMap<>(body);
		labelled.put("metadata", metadata);
		return labelled;
	}

	/** Object and fields, for people; no values, since a field may hold anything. */
	@Override
	public String toString() {
		if (this.missing) {
			return this.ref + " is gone";
		}
		List<String> said = new ArrayList<>();
		this.fields.stream()
			.limit(MOST_FIELDS)
			.map((field) -> field.path()
					+ (field.manager().isEmpty() ? " was removed" : " is managed by " + field.manager()))
			.forEach(said::add);
		if (this.fields.size() > MOST_FIELDS) {
			said.add((this.fields.size() - MOST_FIELDS) + " more");
		}
		return this.ref + ": " + said.stream().collect(Collectors.joining(", "));
	}

}
