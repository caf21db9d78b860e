package dev.meshwright.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a script by pgbench, as many clients at a time as have parameters of their own.
 */
final class Pgbench {

	private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

	private Pgbench() {
	}

	/** Fails, and says what to install, where there is none. */
	static void require() throws InterruptedException {
		try {
			if (new ProcessBuilder("pgbench", "--version").start().waitFor() != 0) {
				throw new IllegalStateException("pgbench does not run");
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(
					"There is no pgbench on the PATH; Debian has it in the package postgresql-contrib", ex);
		}
	}

	/**
	 * Runs for some seconds; one process a client, as only so each has parameters of its
	 * own.
	 * @param clients the options of each that set its parameters
	 * @return how many transactions a second all of them made
	 */
	static double run(Database database, Path script, int seconds, List<List<String>> clients)
			throws IOException, InterruptedException {
		List<Process> processes = new ArrayList<>();
		for (List<String> parameters : clients) {
			List<String> command = new ArrayList<>(List.of("pgbench", "-n", "-M", "prepared", "-T",
					String.valueOf(seconds), "-h", "127.0.0.1", "-p", String.valueOf(database.port()), "-U", "postgres",
					"-f", script.toString(), "--max-tries=10"));
			command.addAll(parameters);
			command.add("postgres");
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
			builder.environment().put("PGPASSWORD", database.password());
			processes.add(builder.start());
		}
		double rate = 0;
		for (Process process : processes) {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			Matcher matcher = RATE.matcher(output);
			if (process.waitFor() != 0 || !matcher.find()) {
				throw new IllegalStateException("pgbench: " + output);
			}
			rate += Double.parseDouble(matcher.group(1));
		}
		return rate;
	}

}
