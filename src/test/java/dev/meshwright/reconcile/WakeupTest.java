package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WakeupTest {

	private static final Duration LONG = Duration.ofHours(1);

	private static final Duration SOON = Duration.ofMillis(20);

	private final Wakeup wakeup = new Wakeup();

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	@AfterEach
	void close() {
		this.threads.shutdownNow();
	}

	@Test
	void aCallBeforeTheWaitIsNotLost() {
		this.wakeup.wake();
		assertThat(waiting()).succeedsWithin(Duration.ofSeconds(30));
	}

	@Test
	void wakesWhoWaitsAlready() {
		Future<?> waiting = waiting();
		this.wakeup.wake();
		assertThat(waiting).succeedsWithin(Duration.ofSeconds(30));
	}

	@Test
	void aLaterOneIsOvertakenAndStillAnswered() {
		this.wakeup.wakeWithin(LONG);
		this.wakeup.wakeWithin(SOON);
		assertThat(waiting()).succeedsWithin(Duration.ofSeconds(30));
		this.wakeup.wakeWithin(LONG);
		this.wakeup.wake();
		this.wakeup.wakeWithin(LONG);
		assertThat(waiting()).succeedsWithin(Duration.ofSeconds(30));
	}

	@Test
	void whatIsNotDueYetOutlastsAWaitThatIsOver() throws InterruptedException {
		this.wakeup.wakeWithin(Duration.ofSeconds(2));
		this.wakeup.await(Duration.ofMillis(1));
		assertThat(waiting()).succeedsWithin(Duration.ofSeconds(30));
	}

	@Test
	void oneWaitAnswersAllCallsBeforeIt() throws InterruptedException {
		this.wakeup.wake();
		this.wakeup.wake();
		this.wakeup.await(LONG);
		Future<?> waiting = waiting();
		Thread.sleep(50);
		assertThat(waiting.isDone()).isFalse();
	}

	private Future<?> waiting() {
		return this.threads.submit(() -> {
			this.wakeup.await(LONG);
			return null;
		});
	}

}
