package dev.meshwright.compile;

import java.time.Duration;
import java.util.List;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Durations;
import dev.meshwright.model.namespace.SyncWindow;
import org.jspecify.annotations.Nullable;

/** The sync windows of a namespace. */
final class SyncWindowChecks {

	/** They are evaluated again for every unit that is kept waiting. */
	private static final int MOST = 64;

	private static final Duration SHORTEST = Duration.ofMinutes(1);

	private static final Duration LONGEST = Duration.ofDays(366);

	private SyncWindowChecks() {
	}

	static void check(@Nullable List<SyncWindow> windows, Declarations declarations, At at) {
		if (Given.list(windows).size() > MOST) {
			at.at("syncWindows")
				.report(DiagnosticCode.OUT_OF_RANGE, windows.size() + " windows are given", "at most " + MOST);
		}
		at.each("syncWindows", windows, (window, place) -> {
			schedule(window.schedule(), place.at("schedule"));
			place.given("timeZone", window.timeZone(), SyncWindowChecks::zone);
			if (window.duration().compareTo(SHORTEST) < 0 || window.duration().compareTo(LONGEST) > 0) {
				place.at("duration")
					.report(DiagnosticCode.INVALID_DURATION,
							Durations.format(window.duration()) + " is not possible here", "1m to 8784h");
			}
			place.each("clusters", window.clusters(), (cluster, name) -> {
				if (declarations.cluster(cluster).isEmpty()) {
					name.report(DiagnosticCode.CLUSTER_NOT_FOUND, "Cluster " + cluster + " is not registered", "");
				}
			});
		});
	}

	private static void schedule(String schedule, At at) {
		try {
			SyncSchedule.check(schedule);
		}
		catch (IllegalArgumentException ex) {
			at.report(DiagnosticCode.INVALID_SCHEDULE, "'" + schedule + "': " + ex.getMessage());
		}
	}

	private static void zone(String name, At at) {
		try {
			SyncSchedule.zone(name);
		}
		catch (IllegalArgumentException ex) {
			at.report(DiagnosticCode.INVALID_VALUE, "'" + name + "': " + ex.getMessage(),
					"a name of the time zone database, such as Europe/Berlin");
		}
	}

}
