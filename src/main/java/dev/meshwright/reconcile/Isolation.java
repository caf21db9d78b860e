package dev.meshwright.reconcile;

import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

import dev.meshwright.store.Units.Claim;

/**
 * Keeps apart what was claimed together: when working on many units breaks off, each half
 * is worked on by itself, until it is known which unit is at fault.
 */
final class Isolation {

	private final Function<Collection<Claim>, List<Claim>> renew;

	private final BiConsumer<Claim, Throwable> broken;

	/**
	 * An isolation.
	 * @param renew renews claims and answers those that hold; fails when it is the store
	 * that does not work, which is no unit's fault
	 * @param broken ends the claim of the unit at fault
	 */
	Isolation(Function<Collection<Claim>, List<Claim>> renew, BiConsumer<Claim, Throwable> broken) {
		this.renew = renew;
		this.broken = broken;
	}

	/** Work on claims that can be begun anew as long as it throws. */
	interface Work {

		void on(List<Claim> claims) throws InterruptedException;

	}

	void run(List<Claim> claims, Work work) throws InterruptedException {
		try {
			work.on(claims);
		}
		catch (RuntimeException | Error ex) {
			// a declaration that is nested too deep is an Error, and one unit's fault,
			// too
			List<Claim> held = this.renew.apply(claims);
			if (claims.size() == 1) {
				held.forEach((claim) -> this.broken.accept(claim, ex));
				return;
			}
			int half = (held.size() + 1) / 2;
			if (half > 0) {
				run(held.subList(0, half), work);
			}
			if (half < held.size()) {
				run(held.subList(half, held.size()), work);
			}
		}
	}

}
