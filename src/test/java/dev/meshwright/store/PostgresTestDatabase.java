package dev.meshwright.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A migrated database of its own for one test class, on one Postgres a JVM. Register it
 * as a static field, so that it is closed after the class: <pre>
 * &#64;RegisterExtension
 * static final PostgresTestDatabase database = new PostgresTestDatabase();
 * </pre> For a Spring test, hand {@link #jdbcUrl()}, {@link #USER} and
 * {@link #password()} to a {@code @DynamicPropertySource}.
 */
public final class PostgresTestDatabase implements AfterAllCallback {

	public static final String USER = "postgres";

	private static final AtomicInteger COUNT = new AtomicInteger();

	private final String name = "test_" + COUNT.incrementAndGet();

	private final HikariDataSource dataSource;

	public PostgresTestDatabase() {
		Server.create(this.name);
		this.dataSource = connect();
		// the template's was drawn once for all
		JdbcClient.create(this.dataSource).sql("update installation set id = gen_random_uuid()::text").update();
	}

	/** The pool of this database, 24 connections, closed after the test class. */
	public DataSource dataSource() {
		return this.dataSource;
	}

	/** A further pool, as another replica has; the caller closes it. */
	public HikariDataSource connect() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(jdbcUrl());
		pool.setUsername(USER);
		pool.setPassword(password());
		pool.setMaximumPoolSize(24);
		pool.setMinimumIdle(1);
		return pool;
	}

	public String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/" + this.name;
	}

	public String password() {
		return Server.PASSWORD;
	}

	@Override
	public void afterAll(ExtensionContext context) {
		this.dataSource.close();
	}

	/**
	 * Started by the first test that needs it; stopped, and its files deleted, when the
	 * JVM ends.
	 */
	private static final class Server {

		private static final String TEMPLATE = "migrated";

		private static final String PASSWORD = randomPassword();

		private static final EmbeddedPostgres POSTGRES = start();

		private static EmbeddedPostgres start() {
			try {
				EmbeddedPostgres postgres = initialise();
				execute(postgres, "create database " + TEMPLATE);
				Flyway.configure()
					.dataSource(postgres.getDatabase(USER, TEMPLATE, Map.of("password", PASSWORD)))
					.locations("classpath:db/migrations")
					.load()
					.migrate();
				return postgres;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static EmbeddedPostgres initialise() throws IOException {
			Path passwordFile = Files.createTempFile("meshwright-test", ".password",
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
			try {
				Files.writeString(passwordFile, PASSWORD);
				return EmbeddedPostgres.builder()
					// initdb's last --auth wins over the trust that the builder asks for
					.setLocaleConfig("auth", "scram-sha-256")
					.setLocaleConfig("pwfile", passwordFile.toString())
					.setConnectConfig("password", PASSWORD)
					.setServerConfig("max_connections", "200")
					// counts the work of each statement, where a test asks for it
					.setServerConfig("shared_preload_libraries", "pg_stat_statements")
					.start();
			}
			finally {
				Files.delete(passwordFile);
			}
		}

		private static synchronized void create(String database) {
			execute(POSTGRES, "create database " + database + " template " + TEMPLATE);
		}

		private static void execute(EmbeddedPostgres postgres, String sql) {
			DataSource superuser = postgres.getDatabase(USER, USER, Map.of("password", PASSWORD));
			try (Connection connection = superuser.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
			catch (SQLException ex) {
				throw new IllegalStateException("Cannot run: " + sql, ex);
			}
		}

		private static String randomPassword() {
			byte[] bytes = new byte[24];
			new SecureRandom().nextBytes(bytes);
			return HexFormat.of().formatHex(bytes);
		}

	}

}
