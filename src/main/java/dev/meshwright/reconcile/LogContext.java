package dev.meshwright.reconcile;

import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;
import org.slf4j.MDC;

/**
 * Says in each log line of a thread which unit it works on, and in which attempt:
 * {@code cluster}, {@code unit} and {@code reconcile}, which is the unit with its fence
 * and so names one attempt among all processes.
 */
final class LogContext implements AutoCloseable {

	private LogContext(Claim claim) {
		UnitId unit = claim.unit();
		MDC.put("cluster", unit.cluster());
		MDC.put("unit", unit.toString());
		MDC.put("reconcile", reconcile(claim));
	}

	/** The unit with its fence, which names one attempt among all processes. */
	static String reconcile(Claim claim) {
		return claim.unit() + "#" + claim.fence();
	}

	/** Holds until it is closed, by the same thread. */
	static LogContext of(Claim claim) {
		return new LogContext(claim);
	}

	@Override
	public void close() {
		MDC.remove("cluster");
		MDC.remove("unit");
		MDC.remove("reconcile");
	}

}
