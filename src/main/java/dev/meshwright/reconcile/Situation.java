package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a plan follows from.
 *
 * @param manifests what should be there
 * @param push what the declarations say about pushing
 * @param inventory what was pushed, by object
 * @param doomed objects of the inventory with a tombstone
 * @param suspect objects to be applied even if their hash is right: they drifted, or an
 * earlier attempt ended without an answer
 * @param held objects that must not be written now: pods whose new account is not let in
 * yet where the old one is
 * @param madeAt when something new was last made, or null
 * @param switchedAt when requests were last moved, null before the first time
 * @param now the database's time
 */
record Situation(List<Manifest> manifests, Compilation.Push push, Map<ObjectRef, InventoryEntry> inventory,
		Set<ObjectRef> doomed, Set<ObjectRef> suspect, Set<ObjectRef> held, @Nullable Instant madeAt,
		@Nullable Instant switchedAt, Instant now) {
}
