package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.meshwright.compile.Placement;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Condition.Type;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.UnitReport;

/** Says what is known of a unit, and no more than that. */
final class Reports {

	private Reports() {
	}

	/** The report of a unit with a cluster. */
	static UnitReport of(UnitJob job, Programmed programmed, Drifted drifted, Instant now) {
		Findings findings = new Findings(job.state().report(), now);
		findings.add(Type.ACCEPTED, Status.TRUE, Type.ACCEPTED.plainReason(), "");
		compiled(findings, job.compilation().diagnostics());
		findings.add(Type.PLACED, Status.TRUE, Type.PLACED.plainReason(), "on " + job.claim().unit().cluster());
		findings.add(Type.PROGRAMMED, programmed.status(), programmed.reason(), programmed.message());
		findings.add(Type.CONVERGED, Status.UNKNOWN, Type.CONVERGED.plainReason(),
				"the API server's state is known; what the proxies run is not asked for");
		findings.add(Type.DRIFTED, drifted.status(), drifted.reason(), drifted.message());
		boolean ready = programmed.status() == Status.TRUE && !job.compilation().hasErrors();
		findings.add(Type.READY, ready ? Status.TRUE : programmed.status(),
				ready ? Type.READY.plainReason() : programmed.reason(), ready ? "" : programmed.message());
		return new UnitReport(job.compilation().generations(), findings.conditions, job.compilation().diagnostics());
	}

	/** The report of a placement. */
	static UnitReport of(Placement placement, Optional<UnitReport> last, Instant now) {
		Findings findings = new Findings(last, now);
		findings.add(Type.ACCEPTED, Status.TRUE, Type.ACCEPTED.plainReason(), "");
		compiled(findings, placement.diagnostics());
		if (!placement.declared()) {
			findings.add(Type.PLACED, Status.FALSE, "Deleted", placement.unit().subject()
					+ " is not declared any more; what is left of it, and what that waits for, is shown for each cluster");
		}
		else if (placement.clusters().isEmpty()) {
			findings.add(Type.PLACED, Status.FALSE, "NoCluster",
					"no cluster is chosen; name clusters or a selector that matches some in the Namespace's placement");
		}
		else {
			findings.add(Type.PLACED, Status.TRUE, Type.PLACED.plainReason(),
					"on " + String.join(", ", placement.clusters()));
		}
		return new UnitReport(placement.generations(), findings.conditions, placement.diagnostics());
	}

	/**
	 * The report of an attempt that broke off: nothing more is known than before it, and
	 * of what is declared now nothing at all.
	 */
	static UnitReport broken(UnitId unit, String message, Optional<UnitReport> last, Instant now) {
		Findings findings = new Findings(last, now);
		String what = unit + ": " + message;
		findings.add(Type.ACCEPTED, Status.TRUE, Type.ACCEPTED.plainReason(), "");
		findings.add(Type.COMPILED, Status.UNKNOWN, Failures.INTERNAL, what);
		findings.add(Type.PLACED, unit.isPlacement() ? Status.UNKNOWN : Status.TRUE,
				unit.isPlacement() ? Failures.INTERNAL : Type.PLACED.plainReason(),
				unit.isPlacement() ? what : "on " + unit.cluster());
		if (!unit.isPlacement()) {
			findings.add(Type.PROGRAMMED, Status.UNKNOWN, Failures.INTERNAL, what);
			findings.add(Type.READY, Status.UNKNOWN, Failures.INTERNAL, what);
		}
		return new UnitReport(last.map(UnitReport::generations).orElse(Map.of()), findings.conditions,
				last.map(UnitReport::diagnostics).orElse(List.of()));
	}

	/** Whether two reports say the same. */
	static boolean same(Optional<UnitReport> last, UnitReport report) {
		return last
			.filter((before) -> before.generations().equals(report.generations())
					&& before.diagnostics().equals(report.diagnostics())
					&& before.conditions().size() == report.conditions().size()
					&& before.conditions().containsAll(report.conditions()))
			.isPresent();
	}

	private static void compiled(Findings findings, Collection<Diagnostic> diagnostics) {
		List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
		if (errors.isEmpty()) {
			findings.add(Type.COMPILED, Status.TRUE, Type.COMPILED.plainReason(), "");
			return;
		}
		findings.add(Type.COMPILED, Status.FALSE, errors.getFirst().code().name(),
				errors.stream().map(Diagnostic::toString).collect(Collectors.joining("; ")));
	}

	/** Keeps lastTransitionTime while a status stays. */
	private static final class Findings {

		private final List<Condition> conditions = new ArrayList<>();

		private final Optional<UnitReport> last;

		private final Instant now;

		Findings(Optional<UnitReport> last, Instant now) {
			this.last = last;
			this.now = now;
		}

		void add(Type type, Status status, String reason, String message) {
			Instant since = this.last.stream()
				.flatMap((report) -> report.conditions().stream())
				.filter((before) -> before.type() == type && before.status() == status)
				.map(Condition::lastTransitionTime)
				.findFirst()
				.orElse(this.now);
			this.conditions.add(new Condition(type, status, reason, message, 0, since));
		}

	}

}
