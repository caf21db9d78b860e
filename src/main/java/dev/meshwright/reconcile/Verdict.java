package dev.meshwright.reconcile;

import dev.meshwright.store.Watches.Pushed;
import dev.meshwright.store.Watches.Sighting;
import org.jspecify.annotations.Nullable;

/**
 * What the sight of an object says about what was pushed. Two things look like drift and
 * are none: a push whose answer is not recorded yet, and news that is older than what is
 * recorded, because a watch lags behind.
 */
enum Verdict {

	/** It is as it was pushed, or nothing of ours. */
	AGREES,

	/** It is not: somebody else changed or removed it. */
	DIFFERS,

	/** A push of it is under way: to be judged again when that is recorded. */
	OPEN;

	static Verdict of(Sighting sighting, @Nullable Pushed pushed) {
		if (pushed == null || pushed.kept()) {
			return AGREES;
		}
		if (pushed.open()) {
			return OPEN;
		}
		if (isNoNews(sighting.resourceVersion(), pushed.resourceVersion())) {
			return AGREES;
		}
		boolean same = sighting.uid() != null && sighting.uid().equals(pushed.uid()) && !sighting.ownedHash().isEmpty()
				&& sighting.ownedHash().equals(pushed.ownedHash());
		return same ? AGREES : DIFFERS;
	}

	/**
	 * Kubernetes compares resourceVersions of one kind as numbers; where they are none,
	 * only the same one is no news.
	 */
	private static boolean isNoNews(String seen, @Nullable String recorded) {
		if (recorded == null) {
			return false;
		}
		try {
			return Long.parseLong(seen) <= Long.parseLong(recorded);
		}
		catch (NumberFormatException ex) {
			return seen.equals(recorded);
		}
	}

}
