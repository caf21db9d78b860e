package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.meshwright.store.Units;
import dev.meshwright.store.Units.Claim;

/**
 * The claims that this process holds. They are renewed while work lasts; one that was
 * lost is known to be, so that its work stops before the next call.
 */
final class Leases {

	private final Set<Claim> held = ConcurrentHashMap.newKeySet();

	private final Units units;

	private final Duration lease;

	Leases(Units units, Duration lease) {
		this.units = units;
		this.lease = lease;
	}

	void hold(Collection<Claim> claims) {
		this.held.addAll(claims);
	}

	void end(Collection<Claim> claims) {
		this.held.removeAll(claims);
	}

	boolean isLost(Claim claim) {
		return !this.held.contains(claim);
	}

	int count() {
		return this.held.size();
	}

	/** Renews all; to be called a few times within a lease. */
	void renew() {
		List<Claim> present = List.copyOf(this.held);
		if (!present.isEmpty()) {
			Set<Claim> kept = this.units.renew(present, this.lease);
			present.stream().filter((claim) -> !kept.contains(claim)).forEach(this.held::remove);
		}
	}

}
