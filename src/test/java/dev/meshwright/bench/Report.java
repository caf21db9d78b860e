package dev.meshwright.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table in docs/benchmarks.md; everything outside its markers stays as it is. */
final class Report {

	private static final String BEGIN = "<!-- results: begin -->";

	private static final String END = "<!-- results: end -->";

	private final List<String> facts = new ArrayList<>();

	private final List<String> rows = new ArrayList<>();

	void fact(String what) {
		this.facts.add(what);
	}

	/**
	 * Adds a line of the table.
	 * @param measured what was measured
	 * @param value what it gave
	 * @param target what is to be reached, or empty
	 * @param reached whether it is
	 */
	void row(String measured, String value, String target, boolean reached) {
		String verdict = target.isEmpty() ? "" : (reached ? "yes" : "**no**");
		this.rows.add("| " + String.join(" | ", measured, value, target, verdict) + " |");
		System.out.println(this.rows.getLast());
	}

	static String number(double value) {
		return String.format(Locale.ROOT, "%.1f", value);
	}

	/** How long this disk takes to make 4 KiB durable, in milliseconds. */
	static Samples disk(Path directory) throws IOException {
		Samples samples = new Samples("fdatasync ms");
		try (FileChannel file = FileChannel.open(directory.resolve("fdatasync"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			for (int i = 0; i < 200; i++) {
				long start = System.nanoTime();
				file.write(ByteBuffer.allocate(4096), i * 4096L);
				file.force(false);
				samples.addMillis(start, System.nanoTime());
			}
		}
		return samples;
	}

	void write(Path page) throws IOException {
		String text = Files.readString(page);
		int begin = text.indexOf(BEGIN) + BEGIN.length();
		StringBuilder table = new StringBuilder("\n\n");
		this.facts.forEach((fact) -> table.append("- ").append(fact).append('\n'));
		table.append("\n| measured | result | target | reached |\n| --- | --- | --- | --- |\n");
		this.rows.forEach((row) -> table.append(row).append('\n'));
		Files.writeString(page, text.substring(0, begin) + table + "\n" + text.substring(text.indexOf(END)));
	}

}
