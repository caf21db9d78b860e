package dev.meshwright.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Waits until everything that is committed is worked off, the break of it included. */
final class Settled {

	private static final String SETTLED = """
			select (select revision from revision_head) = (select revision from expansion) and not exists
			(select 1 from unit /* asked by the test */ where dirty_revision > done_revision or resync or resyncing
			or continues or worker is not null)""";

	private Settled() {
	}

	static void await(JdbcClient jdbc) {
		long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
		while (!jdbc.sql(SETTLED).query(Boolean.class).single()) {
			assertThat(System.nanoTime()).as("settled in time").isLessThan(end);
			LockSupport.parkNanos(5_000_000);
		}
	}

}
