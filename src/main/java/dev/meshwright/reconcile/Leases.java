package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.meshwright.store.Units;
import dev.meshwright.store.Units.Claim;

/**
 * The claims that this process holds. They are renewed while work lasts. One that was
 * lost, or was not renewed in time because the process or the store stood still, is known
 * to be so, and its work stops before the next call.
 */
final class Leases {

	private final Map<Claim, Long> held = new ConcurrentHashMap<>();

	private final Units units;

	private final Duration lease;

	Leases(Units units, Duration lease) {
		this.units = units;
		this.lease = lease;
	}

	/** What is known to hold now, so that {@link #hold} counts from before the claim. */
	static long now() {
		return System.nanoTime();
	}

	/**
	 * Adds claims.
	 * @param claims claims just made
	 * @param since {@link #now} before they were made
	 */
	void hold(Collection<Claim> claims, long since) {
		claims.forEach((claim) -> this.held.put(claim, since));
	}

	void end(Collection<Claim> claims) {
		claims.forEach(this.held::remove);
	}

	boolean isLost(Claim claim) {
		Long since = this.held.get(claim);
		return since == null || now() - since > this.lease.toNanos();
	}

	int count() {
		return this.held.size();
	}

	/** Renews all; to be called a few times within a lease. */
	void renew() {
		List<Claim> present = List.copyOf(this.held.keySet());
		if (!present.isEmpty()) {
			renew(present);
		}
	}

	/**
	 * Gives back what is still held, so that others need not wait until it expires; no
	 * further call is made for it here.
	 */
	void giveBack() {
		List<Claim> left = List.copyOf(this.held.keySet());
		if (!left.isEmpty()) {
			end(left);
			this.units.giveBack(left);
		}
	}

	/** Renews some of those that are held; answers the ones that still hold. */
	List<Claim> renew(Collection<Claim> claims) {
		long since = now();
		Set<Claim> kept = this.units.renew(claims, this.lease);
		claims.stream().filter((claim) -> !kept.contains(claim)).forEach(this.held::remove);
		kept.forEach((claim) -> this.held.computeIfPresent(claim, (same, before) -> since));
		return claims.stream().filter(this.held::containsKey).toList();
	}

}
