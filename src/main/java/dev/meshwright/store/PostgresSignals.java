package dev.meshwright.store;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Counts what happened here, and, through NOTIFY, on other replicas. */
@Component
class PostgresSignals implements Signals, SmartLifecycle {

	private final Lock lock = new ReentrantLock();

	private final Condition happened = this.lock.newCondition();

	private final long[] counters = new long[Topic.values().length];

	private final JdbcClient jdbc;

	private final NotificationListener listener;

	PostgresSignals(JdbcClient jdbc, DataSource dataSource) {
		this.jdbc = jdbc;
		this.listener = new NotificationListener(dataSource, this::count);
	}

	/**
	 * Tells every replica once the present transaction commits, and nobody when it does
	 * not.
	 */
	void announce(Topic topic) {
		this.jdbc.sql("select " + notification(topic)).query((row, number) -> topic).list();
		announced(topic);
	}

	/** What a statement selects that tells the other replicas by itself. */
	static String notification(Topic topic) {
		return "pg_notify('" + NotificationListener.channel(topic) + "', '')";
	}

	/**
	 * As {@link #announce}, for a transaction with a statement that selects the
	 * {@link #notification}.
	 */
	void announced(Topic topic) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				count(topic);
			}
		});
	}

	@Override
	public long await(Topic topic, long seen, Duration atMost) throws InterruptedException {
		long left = atMost.toNanos();
		this.lock.lockInterruptibly();
		try {
			while (this.counters[topic.ordinal()] == seen && left > 0) {
				left = this.happened.awaitNanos(left);
			}
			return this.counters[topic.ordinal()];
		}
		finally {
			this.lock.unlock();
		}
	}

	private void count(Topic topic) {
		this.lock.lock();
		try {
			this.counters[topic.ordinal()]++;
			this.happened.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void start() {
		this.listener.start();
	}

	/** Ends listening and gives the connection back; whoever waits goes on polling. */
	@Override
	public void stop() {
		this.listener.stop(Duration.ofSeconds(5));
	}

	@Override
	public boolean isRunning() {
		return this.listener.isRunning();
	}

}
