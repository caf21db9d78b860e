package dev.meshwright.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a JVM holds after a full collection, in MiB.
 *
 * @param heap live objects
 * @param metaspace classes, compressed class space included
 */
record Memory(double heap, double metaspace) {

	private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

	static Memory of(long pid) throws IOException {
		run("jcmd", String.valueOf(pid), "GC.run");
		run("jcmd", String.valueOf(pid), "GC.run");
		List<String> lines = run("jstat", "-gc", String.valueOf(pid)).lines().toList();
		List<String> names = columns(lines.getFirst());
		List<String> values = columns(lines.get(1));
		return new Memory(sum(names, values, "S0U", "S1U", "EU", "OU"), sum(names, values, "MU"));
	}

	double total() {
		return this.heap + this.metaspace;
	}

	private static double sum(List<String> names, List<String> values, String... wanted) {
		return Arrays.stream(wanted)
			.mapToDouble((name) -> Double.parseDouble(values.get(names.indexOf(name)).replace("-", "0")))
			.sum() / 1024;
	}

	private static List<String> columns(String line) {
		return Arrays.asList(line.strip().split("\\s+"));
	}

	private static String run(String tool, String... arguments) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(JDK.resolve(tool).toString()).redirectErrorStream(true);
		builder.command().addAll(List.of(arguments));
		Process process = builder.start();
		return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

}
