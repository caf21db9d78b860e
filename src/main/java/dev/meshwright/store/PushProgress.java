package dev.meshwright.store;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

import dev.meshwright.model.Key;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;

/**
 * How far the push of each unit with a cluster has come, and what that says of the next
 * step. Changes nothing, so a plan may ask it, too.
 */
public interface PushProgress {

	/** What is known of units, by unit; a unit without a row is missing. */
	Map<UnitId, PushState> states(Collection<UnitId> units);

	/**
	 * The newest committed revision above {@code after}, up to {@code upTo}, that changed
	 * one of these keys: what may justify a tombstone. Empty when there is none.
	 */
	OptionalLong justification(Set<Key> reads, long after, long upTo);

	/**
	 * Whether a committed revision above {@code after}, up to {@code upTo}, declared,
	 * changed or ended an Override that has one of these keys. What changes beside its
	 * spec does not count.
	 */
	boolean overridden(Set<Key> targets, long after, long upTo);

	/**
	 * What the plan that was applied last allows a unit, as long as no later revision, up
	 * to {@code upTo}, has changed one of these keys.
	 */
	Optional<PlanLimit> limit(UnitId unit, Set<Key> reads, long upTo);

	/**
	 * The newest revision that takes away an object of a unit, and whose deletion no
	 * operator has released; 0 for none.
	 */
	long lastDeletion(UnitId unit);

	/**
	 * Whether what goes on a cluster by a revision, and by those before it, may be
	 * deleted now: the deletions of a cluster are counted over all units first, and held
	 * when they are too many.
	 */
	Admission admit(String cluster, long revision);

	/**
	 * What of these is not there yet although a unit on the same cluster is to make it.
	 * Nobody waits for what nobody makes.
	 */
	Set<Manifest.Need> missing(UnitId unit, Set<Manifest.Need> needs);

	/**
	 * Who has, or may have, something live on the same cluster that needs one of these.
	 * @param keys as {@link Manifest.Need#key} gives them
	 */
	Use use(UnitId unit, Set<String> keys);

	/**
	 * The policies on a unit's cluster that name its service by a former account, and not
	 * yet by the new one, although they will: pods must not run under it before.
	 */
	SortedSet<ObjectRef> notAdmitting(UnitId caller, Collection<String> former, String account);

	/**
	 * Who uses what a unit is about to take away.
	 *
	 * @param units other units of the cluster
	 * @param waited whether the unit has been waiting for others, and nothing has been
	 * done since
	 */
	record Use(Set<UnitId> units, boolean waited) {
	}

	/**
	 * Whether deletions may be made.
	 *
	 * @param uncounted units that have not yet said what they no longer yield; while
	 * there are some, nothing is decided
	 * @param held what is to go on the cluster, when it is too much
	 */
	record Admission(int uncounted, Optional<Deletions.Pending> held) {

		public static final Admission GRANTED = new Admission(0, Optional.empty());

		public boolean granted() {
			return this.uncounted == 0 && this.held.isEmpty();
		}

	}

}
