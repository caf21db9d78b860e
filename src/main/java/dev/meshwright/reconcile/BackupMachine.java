package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;

import dev.meshwright.model.failover.BackupState;
import dev.meshwright.model.failover.BackupState.Phase;
import dev.meshwright.model.failover.BackupState.Seen;
import dev.meshwright.model.failover.FailoverPolicySpec.Backup;
import dev.meshwright.model.failover.FailoverPolicySpec.Failback;
import dev.meshwright.model.failover.FailoverPolicySpec.FailbackMode;

/**
 * Decides when requests go to a backup and when they come back. A pure function of what
 * was stored, what is declared and what was seen just now; so a restart changes nothing.
 */
final class BackupMachine {

	private final Backup backup;

	private final Duration patience;

	/**
	 * A machine for a backup.
	 * @param backup as declared
	 * @param patience how long nothing may be known without what was known before being
	 * doubted: then what has to last begins anew
	 */
	BackupMachine(Backup backup, Duration patience) {
		this.backup = backup;
		this.patience = patience;
	}

	/** Who sends requests to a backup at present. */
	enum InForce {

		NOBODY, OURS, PEOPLE

	}

	/** What is to be done. */
	enum Act {

		NOTHING, SWITCH, FAIL_BACK

	}

	/** What is stored next, and what is to be done. */
	record Step(BackupState state, Act act) {
	}

	/** One look at the endpoints. */
	Step step(BackupState before, Seen seen, InForce inForce, Instant now) {
		BackupState state = met(before, inForce, now);
		if (seen == Seen.UNKNOWN) {
			return new Step(state, Act.NOTHING);
		}
		boolean lasting = state.knownAt() != null
				&& Duration.between(state.knownAt(), now).compareTo(this.patience) <= 0;
		BackupState known = new BackupState(state.phase(), state.since(), now, state.switchedAt(), state.flaps());
		boolean ready = seen == Seen.READY;
		return switch (state.phase()) {
			case HEALTHY -> new Step(ready ? known : known.in(Phase.FAILING, now), Act.NOTHING);
			case FAILING -> ready ? new Step(known.in(Phase.HEALTHY, now), Act.NOTHING)
					: !lasting ? new Step(known.in(Phase.FAILING, now), Act.NOTHING)
							: new Step(known, lasted(state.since(), now, after()) ? Act.SWITCH : Act.NOTHING);
			case SWITCHED -> new Step(ready ? known.in(Phase.RECOVERING, now) : known, Act.NOTHING);
			case RECOVERING -> !ready ? new Step(known.in(Phase.SWITCHED, now), Act.NOTHING)
					: !lasting ? new Step(known.in(Phase.RECOVERING, now), Act.NOTHING)
							: new Step(known, mayFailBack(state, inForce, now) ? Act.FAIL_BACK : Act.NOTHING);
		};
	}

	/**
	 * The override is the truth: it may have been written, or taken away, by people or
	 * just before a process died.
	 */
	private static BackupState met(BackupState before, InForce inForce, Instant now) {
		boolean switched = before.phase() == Phase.SWITCHED || before.phase() == Phase.RECOVERING;
		if (inForce == InForce.NOBODY) {
			return switched ? before.in(Phase.HEALTHY, now) : before;
		}
		return switched ? before : new BackupState(Phase.SWITCHED, now, before.knownAt(), now,
				before.flaps() + ((inForce == InForce.OURS) ? 1 : 0));
	}

	/** Whether an endpoint has been ready for long enough that requests could go back. */
	boolean hasRecovered(BackupState state, Instant now) {
		Failback failback = this.backup.failback();
		Duration holdDown = (failback != null && failback.holdDown() != null) ? failback.holdDown() : Backup.HOLD_DOWN;
		Duration healthy = (this.backup.minimumHealthy() != null) ? this.backup.minimumHealthy()
				: Backup.MINIMUM_HEALTHY;
		return state.phase() == Phase.RECOVERING && lasted(state.since(), now, healthy)
				&& (state.switchedAt() == null || lasted(state.switchedAt(), now, holdDown));
	}

	/** What people began, people end. */
	private boolean mayFailBack(BackupState state, InForce inForce, Instant now) {
		Failback failback = this.backup.failback();
		boolean manual = failback != null && failback.mode() == FailbackMode.MANUAL;
		return inForce == InForce.OURS && !manual && hasRecovered(state, now);
	}

	private Duration after() {
		return (this.backup.after() != null) ? this.backup.after() : Backup.AFTER;
	}

	private static boolean lasted(Instant since, Instant now, Duration atLeast) {
		return Duration.between(since, now).compareTo(atLeast) >= 0;
	}

}
