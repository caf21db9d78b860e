package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A loop that does not go round is seen; one that fails, or is stopped, is not dead. */
class LoopsTest {

	private static final Duration LONG = Duration.ofHours(1);

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final Loops loops = new Loops(this.threads);

	@AfterEach
	void end() {
		this.threads.shutdownNow();
	}

	@Test
	void anErrorEndsALoopAndIsSeen() throws InterruptedException {
		this.loops.start("sound", () -> Thread.sleep(1));
		Loops.Loop loop = this.loops.start("broken", () -> {
			throw new AssertionError("out of something");
		});
		loop.join(Duration.ofMinutes(1));
		assertThat(this.loops.dead(LONG)).containsExactly("broken");
	}

	@Test
	void aRoundThatFailsIsFollowedByAnother() throws InterruptedException {
		CountDownLatch again = new CountDownLatch(1);
		AtomicInteger rounds = new AtomicInteger();
		this.loops.start("failing", () -> {
			if (rounds.incrementAndGet() > 1) {
				again.countDown();
			}
			throw new IllegalStateException("no database");
		});
		again.await();
		assertThat(this.loops.dead(LONG)).isEmpty();
	}

	@Test
	void aRoundThatStandsStillIsSeenAndASleepIsNotOne() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(2);
		this.loops.start("stuck", () -> {
			begun.countDown();
			Thread.sleep(LONG);
		});
		this.loops.start("sleeping", LONG, () -> {
			begun.countDown();
			Thread.sleep(LONG);
		});
		begun.await();
		Thread.sleep(2);
		assertThat(this.loops.dead(Duration.ofMillis(1))).containsExactly("stuck");
		assertThat(this.loops.dead(LONG)).isEmpty();
	}

	@Test
	void aLongRoundThatGivesSignsOfLifeDoesNotStandStill() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		AtomicLong sign = new AtomicLong(System.nanoTime() + LONG.toNanos());
		this.loops.start("long", () -> {
			begun.countDown();
			Thread.sleep(LONG);
		}, sign::get);
		begun.await();
		Thread.sleep(2);
		assertThat(this.loops.dead(Duration.ofMillis(1))).isEmpty();
		sign.set(System.nanoTime() - LONG.toNanos());
		assertThat(this.loops.dead(Duration.ofMillis(1))).containsExactly("long");
		assertThat(this.loops.dead(LONG)).isEmpty();
	}

	@Test
	void aLoopThatWasStoppedIsNotDead() throws InterruptedException {
		Loops.Loop loop = this.loops.start("stopped", () -> Thread.sleep(1));
		loop.stop();
		loop.join(Duration.ofMinutes(1));
		assertThat(this.loops.dead(Duration.ZERO)).isEmpty();
	}

}
