package dev.meshwright.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections of a pool, of which {@link BulkWork} has a share only. Whoever does such
 * work waits for a place in the share before he asks the pool, in the order of arrival.
 */
final class SharedConnections extends DelegatingDataSource {

	private static final long PATIENCE_SECONDS = 30;

	private final Semaphore places;

	/**
	 * Shares a pool.
	 * @param pool the pool
	 * @param share the most connections that bulk work has at a time
	 */
	SharedConnections(DataSource pool, int share) {
		super(pool);
		this.places = new Semaphore(share, true);
	}

	@Override
	public Connection getConnection() throws SQLException {
		if (!BulkWork.needsPlace()) {
			return super.getConnection();
		}
		enter();
		boolean taken = false;
		try {
			Connection connection = returning(super.getConnection());
			BulkWork.count(1);
			taken = true;
			return connection;
		}
		finally {
			if (!taken) {
				this.places.release();
			}
		}
	}

	private void enter() throws SQLException {
		try {
			if (!this.places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new SQLTransientConnectionException(
						"the connections that bulk work may have were in use for " + PATIENCE_SECONDS + " s");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLTransientConnectionException("interrupted while waiting for a connection", ex);
		}
	}

	/** Gives the place back with the connection, once. */
	private Connection returning(Connection connection) {
		AtomicBoolean open = new AtomicBoolean(true);
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
					finally {
						if (method.getName().equals("close") && open.compareAndSet(true, false)) {
							BulkWork.count(-1);
							this.places.release();
						}
					}
				});
	}

}
