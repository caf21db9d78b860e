package dev.meshwright.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.util.FileSystemUtils;

/**
 * A Postgres server of our own for the local run. Unlike a throw-away server of a test it
 * keeps its data, waits for the disk on every commit, and lets only those in who know the
 * password, on the loopback address only: other users of the machine can reach it, too.
 * As connection details it is what Spring Boot makes the DataSource from, so that the
 * DataSource depends on it and is closed first.
 */
final class LocalPostgres implements JdbcConnectionDetails, AutoCloseable {

	private static final Duration STARTUP = Duration.ofSeconds(60);

	/**
	 * Lies in the data directory once a server has run on it. Without it initdb was
	 * interrupted, and there is nothing to lose.
	 */
	private static final String COMPLETE = "meshwright-initialized";

	private final EmbeddedPostgres server;

	private final Path data;

	private final String password;

	private LocalPostgres(EmbeddedPostgres server, Path data, String password) {
		this.server = server;
		this.data = data;
		this.password = password;
	}

	/**
	 * Starts the server on the data of the last run, or on new data.
	 * @throws LocalRunFailure it does not start
	 */
	static LocalPostgres start(LocalDirectory directory) {
		Path data = directory.postgresData();
		try {
			stopLeftover(data);
			if (!Files.exists(data.resolve(COMPLETE))) {
				FileSystemUtils.deleteRecursively(data);
			}
			Path password = directory.postgresPassword();
			EmbeddedPostgres server = launch(directory, Files.readString(password).strip(), password);
			directory.postgresBinaries();
			if (!Files.exists(data.resolve(COMPLETE))) {
				Files.createFile(data.resolve(COMPLETE));
			}
			return new LocalPostgres(server, data, Files.readString(password).strip());
		}
		catch (IOException | IllegalStateException ex) {
			throw new LocalRunFailure("Embedded Postgres does not start on " + data + ": " + ex.getMessage(),
					"Read postgres.log beside it. Started as root it needs `unshare -U` to work, because Postgres refuses"
							+ " to run as root; otherwise start Meshwright as another user, or give it a database with"
							+ " spring.datasource.url (SPRING_DATASOURCE_URL).",
					ex);
		}
	}

	private static EmbeddedPostgres launch(LocalDirectory directory, String password, Path passwordFile)
			throws IOException {
		Redirect log = Redirect.appendTo(directory.postgresLog().toFile());
		return EmbeddedPostgres.builder()
			.setDataDirectory(directory.postgresData())
			.setOverrideWorkingDirectory(directory.postgresBinaries().toFile())
			.setCleanDataDirectory(false)
			.setRegisterShutdownHook(false)
			.setPGStartupWait(STARTUP)
			.setOutputRedirector(log)
			// Options of initdb: the last --auth wins over the "trust" that comes first.
			.setLocaleConfig("auth", "scram-sha-256")
			.setLocaleConfig("pwfile", passwordFile.toString())
			.setLocaleConfig("locale", "C")
			.setLocaleConfig("locale-provider", "builtin")
			.setLocaleConfig("builtin-locale", "C.UTF-8")
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("listen_addresses", "127.0.0.1")
			.setServerConfig("unix_socket_directories", "")
			.setServerConfig("max_connections", "100")
			.setConnectConfig("password", password)
			.start();
	}

	private static void stopLeftover(Path data) throws IOException {
		Optional<LeftoverPostmaster> leftover = LeftoverPostmaster.on(data);
		if (leftover.isPresent()) {
			leftover.get().stop();
		}
	}

	@Override
	public String getJdbcUrl() {
		return "jdbc:postgresql://127.0.0.1:" + this.server.getPort() + "/postgres";
	}

	@Override
	public String getUsername() {
		return "postgres";
	}

	@Override
	public String getPassword() {
		return this.password;
	}

	/** Stops the server and returns when it is gone. */
	@Override
	public void close() throws IOException {
		this.server.close();
		stopLeftover(this.data);
	}

}
