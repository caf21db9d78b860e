package dev.meshwright.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.meshwright.e2e.Signals;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.util.FileSystemUtils;

/**
 * A Postgres server of a test's own, which waits for the disk on every commit and can be
 * killed and started again on its data.
 */
final class PostgresServer implements AutoCloseable {

	private final Path data;

	private final EmbeddedPostgres first;

	private final List<String> command = new ArrayList<>();

	private ProcessHandle postmaster;

	PostgresServer(Path directory) throws IOException {
		this.data = directory.resolve("postgres");
		this.first = EmbeddedPostgres.builder()
			.setDataDirectory(this.data)
			.setCleanDataDirectory(false)
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setPGStartupWait(Duration.ofSeconds(120))
			.start();
		this.postmaster = running();
		// Postgres refuses to run as root, so it runs in a user namespace then
		if (System.getProperty("user.name").equals("root")) {
			this.command.addAll(List.of("unshare", "-U"));
		}
		this.command.add(this.postmaster.info().command().orElseThrow());
		this.command.addAll(List.of(this.postmaster.info().arguments().orElseThrow()));
	}

	int port() {
		return this.first.getPort();
	}

	/** What an application needs to reach it through a port that leads to it. */
	Map<String, String> properties(int reachedAt) {
		// without prepared statements, so that a proxy can read what is asked
		return Map.of("spring.datasource.url",
				"jdbc:postgresql://127.0.0.1:" + reachedAt + "/postgres?prepareThreshold=0",
				"spring.datasource.username", "postgres", "spring.datasource.password", "postgres");
	}

	Connection connect() throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/postgres", "postgres",
				"postgres");
	}

	/** Kill -9 of the server; its other processes notice and end. */
	void kill() throws InterruptedException {
		List<ProcessHandle> children = this.postmaster.descendants().toList();
		Signals.send("KILL", this.postmaster.pid());
		children.forEach((child) -> child.onExit().join());
		awaitEnd();
	}

	private void awaitEnd() throws InterruptedException {
		while (this.postmaster.isAlive()) {
			Thread.sleep(20);
		}
	}

	/** An orderly restart that does not wait for clients, as an operator's is. */
	void restart() throws Exception {
		Signals.send("INT", this.postmaster.pid());
		awaitEnd();
		start();
	}

	/** Stops it, copies its data and starts it again. */
	void backup(Path copy) throws Exception {
		Signals.send("INT", this.postmaster.pid());
		awaitEnd();
		copy(this.data, copy);
		start();
	}

	/** Kills it and starts it on the data of a backup. */
	void restore(Path copy) throws Exception {
		kill();
		FileSystemUtils.deleteRecursively(this.data);
		copy(copy, this.data);
		start();
	}

	/** With owner and mode, which Postgres insists on. */
	private static void copy(Path from, Path to) throws Exception {
		Process copying = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).inheritIO().start();
		if (copying.waitFor() != 0) {
			throw new IllegalStateException("cannot copy " + from);
		}
	}

	/** Starts it on its data, and returns once it answers. */
	void start() throws Exception {
		Process started = new ProcessBuilder(this.command).redirectErrorStream(true)
			.redirectOutput(this.data.resolveSibling("postgres.log").toFile())
			.start();
		this.postmaster = started.toHandle();
		long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
		while (true) {
			try (Connection connection = connect()) {
				return;
			}
			catch (SQLException ex) {
				if (System.nanoTime() > end || !started.isAlive()) {
					throw new IllegalStateException("Postgres does not come back: "
							+ Files.readString(this.data.resolveSibling("postgres.log")), ex);
				}
				Thread.sleep(50);
			}
		}
	}

	private ProcessHandle running() throws IOException {
		String pid = Files.readAllLines(this.data.resolve("postmaster.pid")).getFirst().strip();
		return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
	}

	@Override
	public void close() {
		if (this.postmaster.isAlive()) {
			Signals.send("QUIT", this.postmaster.pid());
			this.postmaster.onExit().join();
		}
	}

}
