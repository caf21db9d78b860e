package dev.meshwright.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.sql.DataSource;

import dev.meshwright.store.Signals.Topic;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for notifications on one connection that it keeps. When the connection is lost
 * it makes another, waiting longer after each failure, and then reports every topic,
 * because it cannot know what it missed.
 */
class NotificationListener {

	private static final Logger logger = LoggerFactory.getLogger(NotificationListener.class);

	private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

	private static final Duration LAST_BACKOFF = Duration.ofSeconds(10);

	/** How long one wait on the socket lasts: the longest that stopping takes. */
	private static final int WAIT_MILLIS = 500;

	/** After so many silent waits the connection is tried, as it may be dead. */
	private static final int SILENT_WAITS = 40;

	private final DataSource dataSource;

	private final Consumer<Topic> heard;

	private volatile @Nullable Listening listening;

	NotificationListener(DataSource dataSource, Consumer<Topic> heard) {
		this.dataSource = dataSource;
		this.heard = heard;
	}

	/** The channel of a topic, the same in every replica. */
	static String channel(Topic topic) {
		return "meshwright_" + topic.name().toLowerCase(Locale.ROOT);
	}

	private static Optional<Topic> topic(String channel) {
		return Arrays.stream(Topic.values()).filter((topic) -> channel(topic).equals(channel)).findFirst();
	}

	synchronized void start() {
		if (this.listening == null) {
			Listening started = new Listening();
			this.listening = started;
			Thread.ofVirtual().name("store-signals").start(started);
		}
	}

	/** Stops, waiting at most this long for the connection to be given back. */
	synchronized void stop(Duration atMost) {
		Listening stopped = this.listening;
		this.listening = null;
		if (stopped != null) {
			stopped.end(atMost);
		}
	}

	boolean isRunning() {
		return this.listening != null;
	}

	private final class Listening implements Runnable {

		private final CountDownLatch stopping = new CountDownLatch(1);

		private final CountDownLatch ended = new CountDownLatch(1);

		private Duration backoff = FIRST_BACKOFF;

		@Override
		public void run() {
			try {
				while (!stopped(Duration.ZERO)) {
					try (Connection connection = NotificationListener.this.dataSource.getConnection()) {
						listen(connection);
					}
					catch (SQLException | RuntimeException ex) {
						logger.warn("Not listening to the database, polling instead; trying again in {}: {}",
								this.backoff, ex.getMessage());
						if (stopped(this.backoff)) {
							return;
						}
						Duration doubled = this.backoff.multipliedBy(2);
						this.backoff = (doubled.compareTo(LAST_BACKOFF) < 0) ? doubled : LAST_BACKOFF;
					}
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				this.ended.countDown();
			}
		}

		private void listen(Connection connection) throws SQLException, InterruptedException {
			for (Topic topic : Topic.values()) {
				execute(connection, "listen " + channel(topic));
			}
			this.backoff = FIRST_BACKOFF;
			Arrays.stream(Topic.values()).forEach(NotificationListener.this.heard);
			PGConnection postgres = connection.unwrap(PGConnection.class);
			for (int silent = 0; !stopped(Duration.ZERO); silent++) {
				PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
				if (notifications != null && notifications.length > 0) {
					silent = 0;
					report(notifications);
				}
				if (silent >= SILENT_WAITS) {
					silent = 0;
					execute(connection, "select 1");
				}
			}
			execute(connection, "unlisten *");
		}

		private void report(PGNotification[] notifications) {
			Arrays.stream(notifications)
				.map((notification) -> topic(notification.getName()))
				.flatMap(Optional::stream)
				.distinct()
				.forEach(NotificationListener.this.heard);
		}

		private void execute(Connection connection, String sql) throws SQLException {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
		}

		private boolean stopped(Duration wait) throws InterruptedException {
			return this.stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
		}

		private void end(Duration atMost) {
			this.stopping.countDown();
			try {
				if (!this.ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
					logger.warn("The connection that listens to the database was not given back within {}", atMost);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
