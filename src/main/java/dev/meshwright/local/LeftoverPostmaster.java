package dev.meshwright.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The Postgres server that a killed JVM left running on our data directory. It is found
 * by {@code postmaster.pid}, and believed only when the process of that id is a Postgres
 * that was started on this very directory: ids are reused.
 */
final class LeftoverPostmaster {

	private static final Duration FAST = Duration.ofSeconds(20);

	private static final Duration IMMEDIATE = Duration.ofSeconds(10);

	private final ProcessHandle process;

	private LeftoverPostmaster(ProcessHandle process) {
		this.process = process;
	}

	/** The server that runs on a data directory, if one does. */
	static Optional<LeftoverPostmaster> on(Path data) throws IOException {
		return pid(data).flatMap(ProcessHandle::of)
			.filter(ProcessHandle::isAlive)
			.filter((process) -> serves(process, data))
			.map(LeftoverPostmaster::new);
	}

	private static Optional<Long> pid(Path data) throws IOException {
		Path file = data.resolve("postmaster.pid");
		if (!Files.exists(file)) {
			return Optional.empty();
		}
		List<String> lines = Files.readAllLines(file);
		if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")) {
			return Optional.empty();
		}
		return Optional.of(Long.valueOf(lines.getFirst().strip()));
	}

	private static boolean serves(ProcessHandle process, Path data) {
		ProcessHandle.Info info = process.info();
		boolean postgres = info.command().map((command) -> Path.of(command).endsWith("postgres")).orElse(false);
		List<String> arguments = Arrays.asList(info.arguments().orElse(new String[0]));
		int directory = arguments.indexOf("-D");
		return postgres && directory >= 0 && directory + 1 < arguments.size()
				&& Path.of(arguments.get(directory + 1)).equals(data);
	}

	/**
	 * Stops it and waits until it is gone: first as {@code pg_ctl stop -m fast} does, and
	 * when that takes too long as {@code -m immediate} does; Postgres then recovers from
	 * its log at the next start.
	 * @throws LocalRunFailure it does not stop
	 */
	void stop() throws IOException {
		signal("INT");
		if (!gone(FAST)) {
			signal("QUIT");
		}
		if (!gone(IMMEDIATE)) {
			throw new LocalRunFailure("The Postgres server " + this.process.pid() + " of an earlier run does not stop.",
					"Stop it with: kill -QUIT " + this.process.pid(), null);
		}
	}

	/** Java itself can only send TERM, on which Postgres waits for its clients. */
	private void signal(String name) throws IOException {
		new ProcessBuilder("sh", "-c", "kill -" + name + " " + this.process.pid()).inheritIO().start();
	}

	private boolean gone(Duration patience) {
		try {
			this.process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException | ExecutionException ex) {
			return !this.process.isAlive();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return !this.process.isAlive();
		}
	}

}
