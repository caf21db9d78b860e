package dev.meshwright.reconcile;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

import dev.meshwright.model.Key;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.PlanLimit;
import dev.meshwright.store.PushProgress;
import dev.meshwright.store.PushState;

/**
 * How far pushes have come, as if a change set were committed already: what it changes
 * justifies that objects go.
 *
 * @param pushes what is stored
 * @param changed the keys that the change set changes
 */
record PlannedPushes(PushProgress pushes, Set<Key> changed) implements PushProgress {

	@Override
	public Map<UnitId, PushState> states(Collection<UnitId> units) {
		return this.pushes.states(units);
	}

	@Override
	public OptionalLong justification(Set<Key> reads, long after, long upTo) {
		return Collections.disjoint(reads, this.changed) ? this.pushes.justification(reads, after, upTo)
				: OptionalLong.of(upTo + 1);
	}

	@Override
	public boolean overridden(Set<Key> targets, long after, long upTo) {
		return !Collections.disjoint(targets, this.changed) || this.pushes.overridden(targets, after, upTo);
	}

	/** A plan is made of everything, whatever an earlier one allowed. */
	@Override
	public Optional<PlanLimit> limit(UnitId unit, Set<Key> reads, long upTo) {
		return Optional.empty();
	}

	@Override
	public long lastDeletion(UnitId unit) {
		return this.pushes.lastDeletion(unit);
	}

	@Override
	public Admission admit(String cluster, long revision) {
		return this.pushes.admit(cluster, revision);
	}

	@Override
	public Set<Manifest.Need> missing(UnitId unit, Set<Manifest.Need> needs) {
		return this.pushes.missing(unit, needs);
	}

	@Override
	public Use use(UnitId unit, Set<String> keys) {
		return this.pushes.use(unit, keys);
	}

	@Override
	public SortedSet<ObjectRef> notAdmitting(UnitId caller, Collection<String> former, String account) {
		return this.pushes.notAdmitting(caller, former, account);
	}

}
