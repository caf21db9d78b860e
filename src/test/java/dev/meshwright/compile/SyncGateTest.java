package dev.meshwright.compile;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.meshwright.compile.SyncGate.Closed;
import dev.meshwright.document.Json;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Kind;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Sync windows at given times. */
class SyncGateTest {

	private static final String NIGHTS = "{'kind': 'allow', 'schedule': '0 22 * * 1-5', 'duration': '2h'}";

	private static final String FREEZE = "{'kind': 'deny', 'schedule': '0 0 24 12 *', 'duration': '72h', 'description': 'holidays'}";

	@Test
	void withoutWindowsItIsAlwaysOpen() {
		assertThat(at("", "2026-03-02T03:00:00Z")).isEmpty();
	}

	@Test
	void anAllowWindowClosesAllOtherTimes() {
		// a Monday
		assertThat(at(NIGHTS, "2026-03-02T21:59:59Z").orElseThrow().until()).contains(time("2026-03-02T22:00:00Z"));
		assertThat(at(NIGHTS, "2026-03-02T22:00:00Z")).isEmpty();
		assertThat(at(NIGHTS, "2026-03-02T23:59:59Z")).isEmpty();
		assertThat(at(NIGHTS, "2026-03-03T00:00:00Z").orElseThrow().until()).contains(time("2026-03-03T22:00:00Z"));
		assertThat(at(NIGHTS, "2026-03-07T22:30:00Z").orElseThrow().until()).as("over the weekend")
			.contains(time("2026-03-09T22:00:00Z"));
		assertThat(at(NIGHTS, "2026-03-02T12:00:00Z").orElseThrow().message()).contains("0 22 * * 1-5 for 2h in UTC",
				"until 2026-03-02T22:00:00Z");
	}

	@Test
	void aDenyWindowOverrulesAnAllowWindow() {
		String both = NIGHTS + ", " + FREEZE;
		Closed closed = at(both, "2026-12-24T22:30:00Z").orElseThrow();
		assertThat(closed.message()).contains("kind deny", "holidays").doesNotContain("1-5");
		assertThat(closed.until()).as("the freeze ends at midnight before a Sunday; the next night is Monday's")
			.contains(time("2026-12-28T22:00:00Z"));
		assertThat(at(FREEZE, "2026-12-23T23:59:59Z")).isEmpty();
		assertThat(at(FREEZE, "2026-12-26T23:59:59Z").orElseThrow().until()).contains(time("2026-12-27T00:00:00Z"));
	}

	@Test
	void theZoneKeepsTheWallClock() {
		String berlin = "{'kind': 'allow', 'schedule': '0 22 * * *', 'duration': '1h', 'timeZone': 'Europe/Berlin'}";
		assertThat(at(berlin, "2026-03-28T21:30:00Z")).isEmpty();
		assertThat(at(berlin, "2026-03-29T20:30:00Z")).as("summer time began").isEmpty();
		assertThat(at(berlin, "2026-03-29T21:30:00Z")).isPresent();
	}

	@Test
	void aManualSyncPassesWhenEveryOpenDenyWindowOrOneAllowWindowSaysSo() {
		String manual = FREEZE.replace("'72h'", "'72h', 'manualSync': true");
		assertThat(at(FREEZE, "2026-12-25T00:00:00Z").orElseThrow().manualSync()).isFalse();
		assertThat(at(manual, "2026-12-25T00:00:00Z").orElseThrow().manualSync()).isTrue();
		assertThat(at(manual + ", " + FREEZE, "2026-12-25T00:00:00Z").orElseThrow().manualSync()).isFalse();
		String allowed = NIGHTS.replace("'2h'", "'2h', 'manualSync': true");
		assertThat(at(NIGHTS + ", " + allowed, "2026-03-02T12:00:00Z").orElseThrow().manualSync()).isTrue();
		assertThat(at(allowed + ", " + FREEZE, "2026-12-25T00:00:00Z").orElseThrow().manualSync()).isFalse();
	}

	@Test
	void windowsOfOtherClustersDoNotHold() {
		String west = NIGHTS.replace("'2h'", "'2h', 'clusters': ['west']");
		assertThat(at(west, "2026-03-02T12:00:00Z")).isEmpty();
		assertThat(at(west.replace("west", "east"), "2026-03-02T12:00:00Z")).isPresent();
	}

	@Test
	void whatNeverOpensSaysSo() {
		String always = "{'kind': 'deny', 'schedule': '0 * * * *', 'duration': '61m'}";
		Closed closed = at(always, "2026-03-02T12:30:00Z").orElseThrow();
		assertThat(closed.until()).isEmpty();
		assertThat(closed.message()).contains("no time is in sight");
	}

	@Test
	void aPauseOfEitherKindPassesNothing() {
		SyncGate gate = SyncGate
			.of("east",
					(ClusterSpec) stored(Kind.CLUSTER,
							"{'mesh': 'none', 'connection': {'sandbox': {}}, 'paused': true}"))
			.and("shop", namespace("{'paused': true, 'syncWindows': [" + NIGHTS + "]}"), "east");
		Closed closed = gate.at(time("2026-03-02T22:30:00Z")).orElseThrow();
		assertThat(closed.pausing()).isTrue();
		assertThat(closed.manualSync()).isFalse();
		assertThat(closed.message()).startsWith("paused by Cluster east and Namespace shop;");
	}

	@Test
	void schedulesAreReadAsCronReadsThemOrRefused() {
		for (String good : List.of("*/15 8-17 * jan-mar MON,WED", "@weekly", " 0  22 * * * ")) {
			SyncSchedule.check(good);
			assertThat(SyncSchedule.cron(good)).isNotNull();
		}
		for (String bad : List.of("", "0 22 * *", "0 0 22 * * *", "60 * * * *", "0 0 30 2 *", "0 0 1 * 1", "@noon",
				"a b c d e")) {
			assertThatIllegalArgumentException().as(bad).isThrownBy(() -> SyncSchedule.check(bad));
		}
	}

	private static Optional<Closed> at(String windows, String time) {
		return SyncGate.OPEN.and("shop", namespace("{'syncWindows': [" + windows + "]}"), "east").at(time(time));
	}

	private static NamespaceSpec namespace(String spec) {
		return (NamespaceSpec) stored(Kind.NAMESPACE, spec);
	}

	private static Object stored(Kind kind, String spec) {
		return SpecBinder.stored(kind, Json.mapper().readTree(spec.replace('\'', '"')));
	}

	private static Instant time(String text) {
		return Instant.parse(text);
	}

}
