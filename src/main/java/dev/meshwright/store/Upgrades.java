package dev.meshwright.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.meshwright.model.Caller;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.plan.UpgradePreview;
import org.jspecify.annotations.Nullable;

/**
 * Which compilers may push. A version that leads is never taken back: what it has
 * compiled no older one compiles again.
 */
public interface Upgrades {

	/**
	 * Whether a version may push; makes it known. It may at once unless it is to be held
	 * and an older one has compiled something.
	 */
	boolean leads(int version, boolean hold);

	/**
	 * Takes the turn to find out what a version that is held would change.
	 * @return false when it has begun to lead, or somebody has looked within that time
	 */
	boolean look(int version, Duration every);

	/**
	 * Units with a cluster for which nothing is left to be pushed, in the order of their
	 * keys.
	 * @param after the last one of the page before, or null
	 */
	List<UnitId> atRest(@Nullable UnitId after, int limit);

	/** How many units with a cluster are not at rest. */
	int pending();

	/** Keeps what a version would change, with a hash of all of it. */
	void found(int version, String digest, UpgradePreview preview);

	/** Every version that was ever seen, the newest first. */
	List<Upgrade> all();

	/**
	 * Lets a version push.
	 * @param digest that of what was found last
	 * @return false when it is not held, or something else was found
	 */
	boolean release(Caller caller, int version, String digest);

	/**
	 * A version.
	 *
	 * @param version the compiler's version
	 * @param leadsSince since when it may push; null while it is held
	 * @param releasedBy who let it; null when nobody had to
	 * @param digest a hash of everything that it would change; null when nobody has
	 * looked
	 * @param preview what it would change
	 * @param checkedAt when that was found
	 */
	record Upgrade(int version, @Nullable Instant leadsSince, @Nullable String releasedBy, @Nullable String digest,
			@Nullable UpgradePreview preview, @Nullable Instant checkedAt) {
	}

}
