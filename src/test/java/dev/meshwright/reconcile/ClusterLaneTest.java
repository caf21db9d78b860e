package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.cluster.ClusterFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ClusterLaneTest {

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final ClusterLane lane = new ClusterLane(this.threads);

	private final AtomicInteger calls = new AtomicInteger();

	@AfterEach
	void close() {
		this.threads.shutdownNow();
	}

	@Test
	void makesNoCallBeforeTheTimeThatTheClusterAskedFor() {
		assertThatExceptionOfType(ClusterFailure.Throttled.class)
			.isThrownBy(() -> this.lane.call(() -> throttled(Duration.ofHours(1))));
		assertThat(this.lane.isClosed()).isTrue();
		assertThatExceptionOfType(ClusterFailure.Throttled.class).isThrownBy(() -> this.lane.call(this::answer))
			.satisfies((failure) -> assertThat(failure.retryAfter().orElseThrow()).isBetween(Duration.ofMinutes(59),
					Duration.ofHours(1)));
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void goesOnWhenTheTimeIsOver() throws Exception {
		assertThatExceptionOfType(ClusterFailure.Throttled.class)
			.isThrownBy(() -> this.lane.call(() -> throttled(Duration.ofMillis(1))));
		Thread.sleep(5);
		assertThat(this.lane.isClosed()).isFalse();
		assertThat(this.lane.call(this::answer)).isEqualTo("answer");
	}

	@Test
	void aRefusedOutcomeClosesItToo() throws Exception {
		this.lane.call(() -> new Outcome.Failed(Objects.account("shop", "web").ref(), "Throttled", "slow down", false,
				Optional.of(Duration.ofHours(1)), null));
		assertThat(this.lane.isClosed()).isTrue();
	}

	@Test
	void leavesASilentClusterAlone() {
		for (int silence = 0; silence < 3; silence++) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> this.lane.call(this::silence));
		}
		assertThat(this.lane.isClosed()).isTrue();
		assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> this.lane.call(this::answer))
			.withMessageContaining("left alone");
		assertThat(this.calls).hasValue(3);
	}

	@Test
	void aCallThatEndsInAnErrorGivesItsPlaceBack() throws Exception {
		for (int number = 0; number < 40; number++) {
			assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> this.lane.call(() -> {
				throw new StackOverflowError();
			}));
		}
		assertThat(this.lane.call(this::answer)).isEqualTo("answer");
	}

	private String answer() {
		this.calls.incrementAndGet();
		return "answer";
	}

	private String throttled(Duration retryAfter) {
		this.calls.incrementAndGet();
		throw new ClusterFailure.Throttled("slow down", Optional.of(retryAfter));
	}

	private String silence() {
		this.calls.incrementAndGet();
		throw new ClusterFailure.Unavailable("no route to host");
	}

}
