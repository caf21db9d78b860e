package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.compile.Compilation;
import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.store.PushState.InventoryEntry;

/** The push from one set of objects to another, for tests of what holds in between. */
public final class PlannedPush {

	private PlannedPush() {
	}

	/**
	 * An object as a step leaves it.
	 *
	 * @param ref which object
	 * @param body what it then is; empty when it is gone
	 */
	public record Change(ObjectRef ref, Optional<Map<String, Object>> body) {
	}

	/** The changes in their order; those of one list may come in any. */
	public static List<List<Change>> waves(Collection<Manifest> before, Collection<Manifest> after) {
		Map<ObjectRef, InventoryEntry> inventory = new TreeMap<>();
		before.forEach((manifest) -> inventory.put(manifest.ref(),
				new InventoryEntry(manifest.ref(), "uid", "7", CanonicalJson.sha256(manifest.body()), "",
						manifest.body(), manifest.awaits(), 1, null, null, false, false, 0, null)));
		Set<ObjectRef> doomed = new TreeSet<>(inventory.keySet());
		after.forEach((manifest) -> doomed.remove(manifest.ref()));
		Plan plan = Planner.plan(new Situation(
				List.copyOf(after), new Compilation.Push(Duration.ZERO, Duration.ZERO, ConflictPolicy.REFUSE,
						DeletionPolicy.DELETE, DriftPolicy.HEAL),
				inventory, doomed, Set.of(), Set.of(), null, null, Instant.EPOCH));
		List<List<Change>> waves = new ArrayList<>();
		plan.stages()
			.forEach((stage) -> stage.waves()
				.forEach((wave) -> waves.add(wave.stream().map(PlannedPush::change).toList())));
		return waves;
	}

	private static Change change(Step step) {
		return new Change(step.ref(),
				(step instanceof Step.Write write) ? Optional.of(write.body()) : Optional.empty());
	}

}
