package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.meshwright.model.failover.BackupState;
import dev.meshwright.model.failover.BackupState.Seen;
import dev.meshwright.model.failover.FailoverPolicySpec.Backup;
import dev.meshwright.model.failover.FailoverPolicySpec.Failback;
import dev.meshwright.model.failover.FailoverPolicySpec.FailbackMode;
import dev.meshwright.reconcile.BackupMachine.InForce;

/**
 * The table of what happens to a service with a backup, and how far it then is. An event
 * is {@code seconds:what}: R an endpoint is ready, N none is, U not known; D somebody
 * deletes the Override, P a person writes one; B is a restart. Looks come every 5 seconds
 * at most, 20 seconds may pass before what was seen is doubted; switched after 30,
 * healthy for 60 and held down for 300 seconds.
 */
final class BackupSequences {

	static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private BackupSequences() {
	}

	/**
	 * A row of the table.
	 *
	 * @param name what it shows
	 * @param manual whether people decide when requests go back
	 * @param events what happens
	 * @param expected the phases after those events that are looks, each once, and how
	 * often it was switched
	 */
	record Row(String name, boolean manual, String events, String expected) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	static Stream<Row> table() {
		return Stream.of(row("healthy stays healthy", "0:R 5:R 300:R 600:U 900:R", "Healthy 0"),
				row("switches after the time", every("N", 0, 30) + "35:N", "Failing Switched 1"),
				row("not before the time", every("N", 0, 25), "Failing 0"),
				row("an endpoint in between begins anew", every("N", 0, 25) + "27:R " + every("N", 30, 55),
						"Failing Healthy Failing 0"),
				row("unknown never switches", "0:N " + every("U", 5, 120), "Failing 0"),
				row("unknown for a moment does not begin anew",
						every("N", 0, 10) + "15:U 20:U " + every("N", 25, 30) + "35:U", "Failing Switched 1"),
				row("unknown for long begins anew", every("N", 0, 10) + every("U", 15, 60) + every("N", 65, 90),
						"Failing 0"),
				row("and then switches", every("N", 0, 10) + every("U", 15, 60) + every("N", 65, 100),
						"Failing Switched 1"),
				row("unknown from the start", every("U", 0, 120), "Healthy 0"),
				row("a short restart does not begin anew", every("N", 0, 15) + "18:B " + every("N", 20, 35),
						"Failing Switched 1"),
				row("a long downtime begins anew", every("N", 0, 15) + "18:B " + every("N", 3600, 3625), "Failing 0"),
				row("a process that dies after the switch", every("N", 0, 30) + "31:B 35:N 40:N", "Failing Switched 1"),
				row("comes back when healthy and held down", every("N", 0, 30) + every("R", 35, 340),
						"Failing Recovering Healthy 1"),
				row("not before the hold-down", every("N", 0, 30) + every("R", 35, 325), "Failing Recovering 1"),
				row("nor before it was healthy for long enough", every("N", 0, 290) + every("R", 295, 350),
						"Failing Switched Recovering 1"),
				row("healthy again only for a moment",
						every("N", 0, 30) + every("R", 35, 325) + "330:N " + every("R", 335, 390),
						"Failing Recovering Switched Recovering 1"),
				row("unknown never comes back", every("N", 0, 30) + every("R", 35, 325) + every("U", 330, 900),
						"Failing Recovering 1"),
				row("what was unknown for long proves itself anew",
						every("N", 0, 30) + every("R", 35, 325) + every("U", 330, 900) + every("R", 905, 960),
						"Failing Recovering 1"),
				row("and then comes back",
						every("N", 0, 30) + every("R", 35, 325) + every("U", 330, 900) + every("R", 905, 970),
						"Failing Recovering Healthy 1"),
				row("restarts on the way back",
						every("N", 0, 30) + "32:B " + every("R", 35, 200) + "202:B " + every("R", 205, 335)
								+ "336:B 340:R",
						"Failing Recovering Healthy 1"),
				row("flaps are counted",
						every("N", 0, 30) + every("R", 35, 340) + every("N", 345, 380) + every("R", 385, 690),
						"Failing Recovering Healthy Failing Switched Recovering Healthy 2"),
				manual("people bring it back", every("N", 0, 30) + every("R", 35, 3600), "Failing Recovering 1"),
				manual("who deletes it brings it back", every("N", 0, 30) + every("R", 35, 400) + "402:D 405:R",
						"Failing Recovering Healthy 1"),
				row("who deletes it while nothing is ready gets it again",
						every("N", 0, 30) + "33:N 34:D " + every("N", 35, 70), "Failing Switched Failing Switched 2"),
				row("what people begin, people end", "0:R 2:P " + every("R", 5, 3600) + "3601:D 3605:R",
						"Healthy Recovering Healthy 0"),
				row("people are faster", every("N", 0, 20) + "22:P " + every("N", 25, 60), "Failing Switched 0"));
	}

	private static Row row(String name, String events, String expected) {
		return new Row(name, false, events, expected);
	}

	private static Row manual(String name, String events, String expected) {
		return new Row(name, true, events, expected);
	}

	/** Looks every five seconds, from a second to another. */
	private static String every(String what, int from, int to) {
		StringBuilder events = new StringBuilder();
		for (int second = from; second <= to; second += 5) {
			events.append(second).append(':').append(what).append(' ');
		}
		return events.toString();
	}

	/**
	 * Plays a row.
	 * @param restart what a restart makes of the state
	 * @return the phases and the flap counter
	 */
	static String play(Row row, UnaryOperator<BackupState> restart) {
		BackupMachine machine = new BackupMachine(new Backup("static", Duration.ofSeconds(30), Duration.ofSeconds(60),
				new Failback(row.manual ? FailbackMode.MANUAL : null, Duration.ofSeconds(300))), PATIENCE);
		BackupState state = BackupState.initial(START);
		InForce inForce = InForce.NOBODY;
		List<String> phases = new ArrayList<>();
		for (String event : Arrays.asList(row.events.trim().split(" "))) {
			String[] parts = event.split(":");
			Instant now = START.plusSeconds(Long.parseLong(parts[0]));
			switch (parts[1]) {
				case "D" -> inForce = InForce.NOBODY;
				case "P" -> inForce = InForce.PEOPLE;
				case "B" -> state = restart.apply(state);
				default -> {
					Seen seen = parts[1].equals("R") ? Seen.READY
							: parts[1].equals("N") ? Seen.NONE_READY : Seen.UNKNOWN;
					BackupMachine.Step step = machine.step(state, seen, inForce, now);
					state = step.state();
					inForce = switch (step.act()) {
						case NOTHING -> inForce;
						case SWITCH -> InForce.OURS;
						case FAIL_BACK -> InForce.NOBODY;
					};
					String phase = state.phase().toString();
					if (phases.isEmpty() || !phases.getLast().equals(phase)) {
						phases.add(phase);
					}
				}
			}
		}
		return String.join(" ", phases) + " " + state.flaps();
	}

}
