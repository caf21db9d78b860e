package dev.meshwright.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table in docs/benchmarks.md; everything outside its markers stays as it is. */
final class Report {

	private static final Path PAGE = Path.of("docs/benchmarks.md");

	private final String bench;

	private final List<String> facts = new ArrayList<>();

	private final List<String> rows = new ArrayList<>();

	/**
	 * Nothing measured yet.
	 * @param bench the class that measures; its table is between comments that name it
	 */
	Report(String bench) {
		this.bench = bench;
	}

	/** Under which circumstances is measured. */
	void circumstances(Rig rig, Product product, Path out) throws IOException, SQLException {
		Samples disk = disk(out);
		disk.write(out);
		fact(Runtime.getRuntime().availableProcessors() + " cores, JDK " + Runtime.version() + ", "
				+ product.database().text("select split_part(version(), ' on ', 1)") + ", kube-apiserver "
				+ rig.looker().getKubernetesVersion().getGitVersion() + " without controllers and webhooks, everything"
				+ " on one machine: load average at the beginning " + load());
		fact("fsync on in Postgres and etcd; fdatasync of 4 KiB here: p50 " + number(disk.median()) + " ms, p99 "
				+ number(disk.quantile(0.99)) + " ms");
		fact("the application's JVM: " + String.join(" ", Product.JVM));
		fact("settle times set to zero except where they are named");
	}

	private static String load() {
		return number(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
	}

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

	static String ratio(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
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

	void write() throws IOException {
		fact("load average at the end: " + load());
		String from = "<!-- " + this.bench + ": begin -->";
		String to = "<!-- " + this.bench + ": end -->";
		String text = Files.readString(PAGE);
		int begin = text.indexOf(from) + from.length();
		StringBuilder table = new StringBuilder("\n\n");
		this.facts.forEach((fact) -> table.append("- ").append(fact).append('\n'));
		table.append("\n| measured | result | target | reached |\n| --- | --- | --- | --- |\n");
		this.rows.forEach((row) -> table.append(row).append('\n'));
		Files.writeString(PAGE, text.substring(0, begin) + table + "\n" + text.substring(text.indexOf(to)));
	}

}
