package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.cluster.ClusterFailure;
import org.awaitility.Awaitility;
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
	void anErrorThatIsAnsweredIsNoSilence() throws Exception {
		for (int number = 0; number < 20; number++) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> this.lane.call(() -> {
				throw new ClusterFailure.Unavailable("cannot allocate an address", true);
			}));
		}
		assertThat(this.lane.isClosed()).isFalse();
		assertThat(this.lane.call(this::answer)).isEqualTo("answer");
	}

	@Test
	void saysOnceThatAClusterHasRecovered() throws Exception {
		leavesASilentClusterAlone();
		assertThat(this.lane.hasRecovered()).isFalse();
		this.lane.answers(false);
		assertThat(this.lane.call(this::answer)).isEqualTo("answer");
		assertThat(this.lane.hasRecovered()).isTrue();
		assertThat(this.lane.hasRecovered()).isFalse();
		this.lane.answers(false);
		assertThat(this.lane.hasRecovered()).as("it was not silent").isFalse();
		this.lane.answers(true);
		assertThat(this.lane.hasRecovered()).as("somebody else found it silent").isTrue();
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

	@Test
	void urgentCallsGoFirstButEveryFourthPlaceGoesToTheOthers() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		List<Future<?>> calls = new ArrayList<>();
		for (int number = 0; number < 16; number++) {
			calls.add(this.threads.submit(() -> this.lane.call(() -> throttledAfter(released))));
		}
		Awaitility.await().until(() -> this.calls.get() == 16);
		List<String> order = Collections.synchronizedList(new ArrayList<>());
		for (String name : List.of("bulk1", "bulk2", "bulk3", "urgent1", "urgent2", "urgent3", "urgent4", "urgent5")) {
			Thread.State waiting = Thread.State.WAITING;
			Thread thread = Thread.startVirtualThread(() -> {
				try {
					this.lane.call(name.startsWith("urgent"), () -> {
						order.add(name);
						// an answer would widen the lane, and two at once have no order
						throw new ClusterFailure.Throttled("slow down", Optional.empty());
					});
				}
				catch (ClusterFailure.Throttled ex) {
					// as it was told to
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			Awaitility.await().until(() -> thread.getState() == waiting);
		}
		released.countDown();
		for (Future<?> call : calls) {
			assertThat(call).failsWithin(Duration.ofSeconds(30));
		}
		Awaitility.await().until(() -> order.size() == 8);
		assertThat(order).containsExactly("urgent1", "urgent2", "urgent3", "bulk1", "urgent4", "urgent5", "bulk2",
				"bulk3");
	}

	@Test
	void whileAnUrgentUnitIsBeingWorkedOnTheOthersHaveHalfOfTheCalls() throws Exception {
		this.lane.units(true).set(1);
		CountDownLatch released = new CountDownLatch(1);
		List<Future<?>> calls = new ArrayList<>();
		for (int number = 0; number < 20; number++) {
			calls.add(this.threads.submit(() -> this.lane.call(false, () -> answerAfter(released))));
		}
		Awaitility.await().until(() -> this.calls.get() == 8);
		assertThat(this.lane.active()).isEqualTo(8);
		for (int number = 0; number < 8; number++) {
			calls.add(this.threads.submit(() -> this.lane.call(true, () -> answerAfter(released))));
		}
		Awaitility.await().until(() -> this.calls.get() == 16);
		assertThat(this.lane.active()).isEqualTo(16);
		this.lane.units(true).set(0);
		released.countDown();
		for (Future<?> call : calls) {
			assertThat(call).succeedsWithin(Duration.ofSeconds(30));
		}
		assertThat(this.calls).hasValue(28);
		assertThat(this.lane.active()).isZero();
	}

	@Test
	void aLaneOfOneStillTakesTheOthersOn() throws Exception {
		this.lane.units(true).set(1);
		for (int number = 0; number < 5; number++) {
			assertThatExceptionOfType(ClusterFailure.Throttled.class)
				.isThrownBy(() -> this.lane.call(() -> throttled(Duration.ZERO)));
		}
		assertThat(this.lane.limit()).isOne();
		assertThat(this.lane.call(false, this::answer)).isEqualTo("answer");
	}

	/** Narrows the lane to one call at a time, and does not close it. */
	private String throttledAfter(CountDownLatch released) {
		this.calls.incrementAndGet();
		try {
			released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new ClusterFailure.Throttled("slow down", Optional.empty());
	}

	private String answer() {
		this.calls.incrementAndGet();
		return "answer";
	}

	private String throttled(Duration retryAfter) {
		this.calls.incrementAndGet();
		throw new ClusterFailure.Throttled("slow down", Optional.of(retryAfter));
	}

	private String answerAfter(CountDownLatch released) {
		this.calls.incrementAndGet();
		try {
			released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return "answer";
	}

	private String silence() {
		this.calls.incrementAndGet();
		throw new ClusterFailure.Unavailable("no route to host");
	}

}
