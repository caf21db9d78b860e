package dev.meshwright.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;

/**
 * The units and who works on them. Changed keys are expanded to dirty units; workers
 * claim dirty units with a lease and a fence, so that any number of replicas share the
 * work without a leader. A claim ends with {@link Pushes#finish} or
 * {@link Placements#finish}.
 */
public interface Units {

	/**
	 * Turns every changed key that was committed since the last call into dirty units, by
	 * the reads that units recorded; the placements of written services and namespaces
	 * become dirty too. Excludes recording of reads.
	 * @return how many units it made dirty
	 */
	int expand();

	/**
	 * Claims units that are dirty and due, oldest first, skipping those that others hold:
	 * urgent ones up to the limit, and others for what is left of it, at least a quarter.
	 * A claim whose lease has expired may be taken over; the fence then moves on.
	 */
	List<Claim> claim(ClaimRequest request);

	/** {@link #expand} and {@link #claim} in one transaction. */
	List<Claim> expandAndClaim(ClaimRequest request);

	/** Prolongs claims; answers those that still hold, the others were lost. */
	Set<Claim> renew(Collection<Claim> claims, Duration lease);

	/**
	 * Gives claims back before their lease ends, unfinished: anybody may claim these
	 * units at once. Claims that were lost are left out.
	 */
	void giveBack(Collection<Claim> claims);

	/**
	 * Makes every unit of a cluster due whose last attempt failed: the cause may be gone,
	 * so that the rest of its pause is of no use.
	 * @return how many units that are
	 */
	int retry(String cluster);

	/**
	 * Makes every unit of a cluster due for a resync, which recompiles and compares but
	 * causes no tombstone.
	 * @return how many units that are
	 */
	int resync(String cluster);

	/**
	 * Makes the units of a service due for a resync at once, also those that wait after a
	 * failure; what it finds to do passes sync windows that allow it. It is in the audit
	 * log.
	 */
	int sync(Caller caller, ServiceRef service);

	/**
	 * Makes the units of a service due for a resync at once, also those that wait after a
	 * failure. Sync windows keep back what they keep back of any push.
	 */
	int resync(ServiceRef service);

	/**
	 * Makes every unit due under whose lease the time has run out, by the database's
	 * clock.
	 * @param atMost the longest time to return
	 * @return how long until the next lease ends
	 */
	Duration endLeases(Duration atMost);

	/** As {@link #resync}, for every unit and placement. */
	int resyncAll();

	/**
	 * The same, and leaves every one of them to compilers of this version and newer ones:
	 * an older one ends what it holds and claims none of them any more.
	 */
	int lead(int compilerVersion);

	/**
	 * When the next dirty unit that nobody holds becomes due: zero when one is, at most
	 * {@code ceiling}. Units that the request would not claim do not count.
	 */
	Duration untilDue(ClaimRequest request, Duration ceiling);

	/**
	 * Who claims what.
	 *
	 * @param worker the worker's name, unique for each process
	 * @param limit the most units
	 * @param lease how long the claim holds without renewal
	 * @param compilerVersion the worker's compiler; units last compiled by a newer one
	 * are left to newer replicas
	 * @param busyClusters clusters whose units are left alone for now
	 * @param fullClusters clusters of which only urgent units are claimed for now
	 */
	record ClaimRequest(String worker, int limit, Duration lease, int compilerVersion, Set<String> busyClusters,
			Set<String> fullClusters) {
	}

	/**
	 * The right to work on a unit until its lease ends.
	 *
	 * @param unit the unit
	 * @param fence counts the claims of the unit; a later claim has a greater one
	 * @param revision the newest committed revision that made it dirty; 0 when only a
	 * resync did
	 * @param cause why it is dirty
	 * @param takenOver whether another worker's claim had expired
	 * @param attempts how many attempts in a row have failed
	 * @param urgent whether somebody changed this very unit, or few others with it; not
	 * so what changed in bulk, nor what is only compared again
	 */
	record Claim(UnitId unit, long fence, long revision, Cause cause, boolean takenOver, int attempts, boolean urgent) {
	}

	/** Why a unit is dirty. */
	enum Cause {

		/** A committed revision changed something that it depends on. */
		REVISION,

		/** It continues what waited: a settle time, a Deployment, a retry. */
		CONTINUATION,

		/** Nothing was declared anew: a schedule, a restart, facts of a cluster. */
		RESYNC

	}

}
