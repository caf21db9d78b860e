package dev.meshwright.store;

import java.time.Duration;
import java.util.List;

import dev.meshwright.model.Caller;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be worked on, and what keeps it. Looks at what is dirty only, by an index
 * of its own: the cost follows the backlog, not the fleet.
 */
public interface Backlogs {

	/** The backlog of every cluster that is known, in the order of their names. */
	List<Backlog> all();

	/** How far dirty marking is behind the newest revision, in revisions; 0 as a rule. */
	long unexpanded();

	/**
	 * The backlog of a cluster with what was reported last, of the {@code limit} units
	 * that have waited longest, grouped by reason. Of what the caller may not see, only
	 * the number is told.
	 */
	Stuck stuck(Caller caller, String cluster, int limit);

	/**
	 * Units of one cluster that are dirty, by what becomes of them; and what is known of
	 * the cluster.
	 *
	 * @param cluster the cluster; empty for placements
	 * @param due nobody works on them although they are due
	 * @param working claimed
	 * @param waiting due later, for a settle time or a Deployment
	 * @param retrying due later, after an attempt that failed
	 * @param age how long the oldest that is due and unclaimed has been so
	 * @param reachable whether the cluster answered the last time; true for placements,
	 * false for one that was not asked yet
	 * @param halted whether nothing is pushed there until an operator releases it
	 */
	record Backlog(String cluster, long due, long working, long waiting, long retrying, Duration age, boolean reachable,
			boolean halted) {
	}

	/**
	 * What keeps a cluster's units.
	 *
	 * @param backlog how many units wait; null when none does
	 * @param reasons what the longest waiting report, the most frequent first
	 */
	record Stuck(@Nullable Backlog backlog, List<Reason> reasons) {
	}

	/**
	 * One reason.
	 *
	 * @param reason the reason of the condition {@code Programmed}, or of
	 * {@code Compiled} where that is False; {@code NotReported} before the first report
	 * @param units how many of those looked at report it
	 * @param unit one of them, {@code namespace/service}, or the namespace; null when the
	 * caller may see none
	 * @param message what that one reports; the API server's own words, without secrets
	 */
	record Reason(String reason, long units, @Nullable String unit, @Nullable String message) {
	}

}
