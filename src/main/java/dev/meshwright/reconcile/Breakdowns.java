package dev.meshwright.reconcile;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.meshwright.store.Placements;
import dev.meshwright.store.PushEnd;
import dev.meshwright.store.UnitReport;
import dev.meshwright.store.Units.Claim;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends attempts that broke off for a reason that nobody foresaw: they are made again,
 * later each time, and the status says so. The log has the cause, once.
 */
final class Breakdowns {

	private static final Logger logger = LoggerFactory.getLogger(Breakdowns.class);

	private final Placements placements;

	private final Consumer<PushEnd> ends;

	Breakdowns(Placements placements, Consumer<PushEnd> ends) {
		this.placements = placements;
		this.ends = ends;
	}

	void end(Claim claim, Throwable cause) {
		log(claim, cause);
		this.ends.accept(new PushEnd(claim, 0, List.of(), false, false,
				Optional.of(Backoff.after(List.of(), claim.attempts() + 1)), true, false, false, report(claim, cause)));
	}

	/** With the stack the first time only, as it is tried again and again. */
	static void log(Claim claim, Throwable cause) {
		try (LogContext _ = LogContext.of(claim)) {
			if (claim.attempts() == 0) {
				logger.error("The work on {} broke off; it is tried again, later each time", claim.unit(), cause);
			}
			else {
				logger.warn("The work on {} broke off again (attempt {}): {}", claim.unit(), claim.attempts() + 1,
						cause.toString());
			}
		}
	}

	private Optional<UnitReport> report(Claim claim, Throwable cause) {
		try {
			Placements.Reported reported = this.placements.reports(List.of(claim.unit()));
			Optional<UnitReport> last = Optional.ofNullable(reported.reports().get(claim.unit()));
			UnitReport report = Reports.broken(claim.unit(), explain(cause), last, reported.now());
			return Reports.same(last, report) ? Optional.empty() : Optional.of(report);
		}
		catch (RuntimeException ex) {
			logger.warn("The status of {} cannot be read, so it does not say that the work broke off", claim.unit(),
					ex);
			return Optional.empty();
		}
	}

	private static String explain(Throwable cause) {
		return (cause instanceof UnreadableDeclaration unreadable) ? String.valueOf(unreadable.getMessage())
				: "an internal error stopped the work on it; what was pushed before is kept. It is tried again by "
						+ "itself; the log says more";
	}

}
