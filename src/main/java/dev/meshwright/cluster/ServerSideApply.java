package dev.meshwright.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.cluster.ClusterFailure.FieldConflict;
import org.jspecify.annotations.Nullable;

/**
 * What a server-side apply makes of an object: fields are owned leaf by leaf, a field
 * that its last owner does not apply any more goes, and a field that another manager has
 * set to another value is a conflict. Lists are atoms. See
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/.
 */
final class ServerSideApply {

	private final String manager;

	private final Map<String, Object> body;

	private final Map<String, Set<FieldPath>> owners = new LinkedHashMap<>();

	private ServerSideApply(@Nullable SandboxObject live, String manager, Map<String, Object> applied) {
		this.manager = manager;
		if (live == null) {
			this.body = new LinkedHashMap<>();
			this.body.put("apiVersion", String.valueOf(applied.get("apiVersion")));
			this.body.put("kind", String.valueOf(applied.get("kind")));
		}
		else {
			this.body = ObjectJson.copy(live.body());
			live.owners().forEach((name, paths) -> this.owners.put(name, new LinkedHashSet<>(paths)));
		}
	}

	/**
	 * Merges.
	 * @param live the object as it is, or null when there is none
	 * @param manager the field manager
	 * @param apply what it applies
	 * @return the new body, metadata as far as managers own it, and the new owners
	 * @throws FieldConflict another manager owns a field and the apply is not forced
	 */
	static SandboxObject merge(@Nullable SandboxObject live, String manager, Apply apply) {
		Map<String, Object> applied = ObjectJson.copy(apply.body());
		ServerSideApply merge = new ServerSideApply(live, manager, applied);
		Map<FieldPath, Object> leaves = FieldPath.leaves(applied);
		merge.settleConflicts(leaves, apply);
		merge.removeAbandoned(leaves.keySet());
		leaves.forEach(merge::set);
		merge.owners.put(manager, new LinkedHashSet<>(leaves.keySet()));
		merge.owners.values().removeIf(Set::isEmpty);
		return new SandboxObject(apply.ref(), merge.body, merge.owners);
	}

	private void settleConflicts(Map<FieldPath, Object> leaves, Apply apply) {
		List<FieldConflict.Field> conflicts = new ArrayList<>();
		this.owners.forEach((other, owned) -> {
			if (!other.equals(this.manager)) {
				List<FieldPath> lost = owned.stream().filter((path) -> contradicted(path, leaves)).toList();
				lost.forEach((path) -> conflicts.add(new FieldConflict.Field(other, path.toString())));
				if (apply.force()) {
					lost.forEach(owned::remove);
				}
			}
		});
		if (!conflicts.isEmpty() && !apply.force()) {
			StringBuilder message = new StringBuilder(apply.ref() + ": Apply failed with " + conflicts.size()
					+ ((conflicts.size() == 1) ? " conflict" : " conflicts"));
			conflicts.forEach(
					(it) -> message.append(": conflict with \"").append(it.manager()).append("\": ").append(it.path()));
			throw new FieldConflict(message.toString(), conflicts);
		}
	}

	/** Whether what is applied would change a field that somebody else owns. */
	private boolean contradicted(FieldPath owned, Map<FieldPath, Object> leaves) {
		Object live = owned.in(this.body);
		for (Map.Entry<FieldPath, Object> leaf : leaves.entrySet()) {
			if (owned.equals(leaf.getKey())) {
				return !leaf.getValue().equals(live) && !bothMaps(leaf.getValue(), live);
			}
			if (owned.below(leaf.getKey()) && !(leaf.getValue() instanceof Map)
					|| leaf.getKey().below(owned) && !(live instanceof Map)) {
				return true;
			}
		}
		return false;
	}

	private void removeAbandoned(Set<FieldPath> kept) {
		for (FieldPath path : this.owners.getOrDefault(this.manager, Set.of())) {
			boolean shared = this.owners.entrySet()
				.stream()
				.anyMatch((other) -> !other.getKey().equals(this.manager)
						&& other.getValue().stream().anyMatch(path::overlaps));
			if (!shared && kept.stream().noneMatch(path::overlaps)) {
				path.remove(this.body);
			}
		}
	}

	private void set(FieldPath path, Object value) {
		if (!bothMaps(value, path.in(this.body))) {
			path.set(this.body, value);
		}
	}

	/** An empty map owns that there is a map, not what others put into it. */
	private static boolean bothMaps(Object applied, @Nullable Object live) {
		return applied instanceof Map && live instanceof Map;
	}

}
