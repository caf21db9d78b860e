package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What was measured of one thing, in the order in which it was measured. */
final class Samples {

	private final String name;

	private final List<Double> values = new ArrayList<>();

	Samples(String name) {
		this.name = name;
	}

	void add(double value) {
		this.values.add(value);
	}

	void addMillis(long fromNanos, long toNanos) {
		add((toNanos - fromNanos) / 1e6);
	}

	double median() {
		return quantile(0.5);
	}

	/** The smallest value that this share of the samples does not exceed. */
	double quantile(double share) {
		List<Double> sorted = this.values.stream().sorted().toList();
		return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
	}

	/** {@code p50, p99}. */
	String quantiles() {
		return Report.number(median()) + ", " + Report.number(quantile(0.99));
	}

	int count() {
		return this.values.size();
	}

	double min() {
		return quantile(0);
	}

	double max() {
		return quantile(1);
	}

	/** {@code 12.3 (11.0-14.2)}: median and range. */
	String medianAndRange() {
		return medianAndRange(1);
	}

	/** The same with so many digits after the point. */
	String medianAndRange(int digits) {
		String number = "%." + digits + "f";
		return String.format(Locale.ROOT, number + " (" + number + "-" + number + ")", median(), min(), max());
	}

	/** Keeps every value, one a line. */
	void write(Path directory) throws IOException {
		Files.createDirectories(directory);
		Files.writeString(directory.resolve(this.name.replaceAll("[^A-Za-z0-9]+", "-") + ".csv"),
				this.name + "\n" + this.values.stream().map(String::valueOf).collect(Collectors.joining("\n")) + "\n");
	}

}
