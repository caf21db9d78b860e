package dev.meshwright.reconcile;

import com.netflix.concurrency.limits.limit.VegasLimit;

/**
 * How many calls an API server works on rather than lets wait, told as TCP Vegas tells
 * it: by how much longer writes take than the quickest of late. More of them at once
 * finish no sooner, and whatever comes next waits behind them, ours and others'. Only
 * writes are compared, as a read takes another time anyway.
 *
 * @see <a href="https://github.com/Netflix/concurrency-limits">concurrency-limits</a>
 */
final class Congestion {

	/**
	 * After so many writes for each that may be made at once it is found out anew how
	 * long one takes. Found out while others wait it is too long, so seldom.
	 */
	private static final int WRITES_PER_PROBE = 1000;

	/** How far one write moves the limit: not every slow one was waiting. */
	private static final double SMOOTHING = 0.2;

	private final VegasLimit limit;

	/**
	 * Nothing is known yet.
	 * @param initial how many calls at once to begin with
	 * @param most never more than so many
	 */
	Congestion(int initial, int most) {
		this.limit = VegasLimit.newBuilder()
			.initialLimit(initial)
			.maxConcurrency(most)
			.smoothing(SMOOTHING)
			.probeMultiplier(WRITES_PER_PROBE)
			.build();
	}

	/**
	 * A write was answered.
	 * @param nanos how long it took
	 * @param inUse how many calls were being made when it was
	 */
	void written(long nanos, int inUse) {
		this.limit.onSample(0, Math.max(1, nanos), inUse, false);
	}

	/** How many calls to make at once, at most. */
	int limit() {
		return this.limit.getLimit();
	}

}
