package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.function.IntUnaryOperator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** On API servers of which is known how long they take with so many calls at once. */
class CongestionTest {

	private static final int MOST = 32;

	private final Congestion congestion = new Congestion(16, MOST);

	@Test
	void makesNoMoreCallsThanAreWorkedOnAndAFewThatWait() {
		push(1000, CongestionTest::ofTwoCores);
		assertThat(this.congestion.limit()).isBetween(3, 10);
	}

	@Test
	void makesAsManyAsItMayOfAClusterThatIsOnlyFarAway() {
		push(1000, (_) -> 80);
		assertThat(this.congestion.limit()).isGreaterThanOrEqualTo(MOST - 1);
	}

	@Test
	void growsAgainWhenTheClusterIsLessBusy() {
		push(1000, CongestionTest::ofTwoCores);
		push(1000, (_) -> 10);
		assertThat(this.congestion.limit()).isGreaterThanOrEqualTo(MOST - 1);
	}

	@Test
	void findsOutWhenTheClusterHasBecomeSlower() {
		push(1000, (_) -> 10);
		push(1000, (_) -> 80);
		assertThat(this.congestion.limit()).isLessThan(10);
		push(100_000, (_) -> 80);
		assertThat(this.congestion.limit()).isGreaterThanOrEqualTo(MOST - 1);
	}

	@Test
	void singleWritesNowAndThenTellNothingOfMore() {
		for (int write = 0; write < 1000; write++) {
			write(10 + write % 20, 1);
		}
		assertThat(this.congestion.limit()).isEqualTo(16);
	}

	/** 10 ms for up to two calls at once; the others wait for them. */
	private static int ofTwoCores(int calls) {
		return Math.max(10, 5 * calls);
	}

	/** Always as many calls at once as may be; the first find the server idle. */
	private void push(int writes, IntUnaryOperator millis) {
		for (int write = 0; write < writes; write++) {
			int inUse = Math.min(write + 1, this.congestion.limit());
			write(millis.applyAsInt(inUse), inUse);
		}
	}

	private void write(int millis, int inUse) {
		this.congestion.written(Duration.ofMillis(millis).toNanos(), inUse);
	}

}
