package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;

import dev.meshwright.model.ObjectRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTest {

	private static final ObjectRef REF = Objects.account("shop", "web").ref();

	@Test
	void growsToFiveMinutes() {
		assertThat(Backoff.after(List.of(failed("Invalid")), 0)).isBetween(Duration.ofMillis(250),
				Duration.ofMillis(500));
		assertThat(Backoff.after(List.of(failed("Invalid")), 4)).isBetween(Duration.ofSeconds(4),
				Duration.ofSeconds(8));
		assertThat(Backoff.after(List.of(failed("Invalid")), 1000)).isBetween(Duration.ofMillis(150_000),
				Duration.ofMinutes(5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "AdmissionDenied", "Forbidden", "KindNotServed", "NamespaceMissing", "Terminating",
			"Orphaned" })
	void whatNobodyTellsUsOfIsAskedForWithinAMinute(String reason) {
		assertThat(Backoff.after(List.of(failed(reason)), 1000)).isLessThanOrEqualTo(Duration.ofSeconds(45));
	}

	@Test
	void conflictsAloneWaitHalfAMinute() {
		assertThat(Backoff.after(List.of(failed("Conflict")), 0)).isEqualTo(Duration.ofSeconds(30));
		assertThat(Backoff.after(List.of(failed("Conflict"), failed("Invalid")), 0)).isLessThan(Duration.ofSeconds(1));
	}

	@Test
	void fightsAloneWaitForTheFirstOfTheirOwnPauses() {
		Outcome.Failed soon = Fight.over(REF, List.of(), Duration.ofSeconds(8));
		Outcome.Failed later = Fight.paused(REF, Duration.ofSeconds(64));
		assertThat(Backoff.after(List.of(later, soon), 1000)).isEqualTo(Duration.ofSeconds(8));
		assertThat(Backoff.after(List.of(soon, failed("Invalid")), 1000)).isGreaterThan(Duration.ofSeconds(100));
	}

	private static Outcome.Failed failed(String reason) {
		return new Outcome.Failed(REF, reason, "because");
	}

}
