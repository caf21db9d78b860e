package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.meshwright.document.Json;
import tools.jackson.databind.JsonNode;

/** How long a page of a list takes, near its beginning and far from it, in turns. */
final class Pages {

	private static final int ROUNDS = Integer.getInteger("bench.pages", 50);

	private static final int REVISIONS = Integer.getInteger("bench.revisions", 100_000);

	/** The first pages of a kind do not count: the code is not warm. */
	private static final int WARM_UP = 20;

	private final Product product;

	private final Report report;

	private final Path out;

	Pages(Product product, Report report, Path out) {
		this.product = product;
		this.report = report;
		this.out = out;
	}

	/** The list of services, in pages of a hundredth of it. */
	void list(int size) throws IOException {
		int limit = Math.clamp(size / 100, 1, 100);
		List<String> pages = new ArrayList<>();
		String next = "";
		do {
			pages.add("/api/v1/services?limit=" + limit + next);
			JsonNode page = Json.mapper().readTree(this.product.get(pages.getLast()));
			String token = page.at("/metadata/continue").asString("");
			next = token.isEmpty() ? "" : "&continue=" + token;
		}
		while (!next.isEmpty() && pages.size() < 100);
		compare("list of " + size + " services, pages of " + limit, pages.getFirst(), pages.getLast(), pages.size());
	}

	/**
	 * The history. Its rows are written to the database: only how many there are counts.
	 */
	void revisions() throws IOException, SQLException {
		long head = this.product.database().addRevisions(REVISIONS);
		this.product.awaitSettled();
		String newest = "/api/v1/revisions?limit=100";
		compare(REVISIONS + " revisions, pages of 100", newest, newest + "&before=" + (head - REVISIONS + 101),
				REVISIONS / 100);
	}

	private void compare(String what, String first, String last, int number) throws IOException {
		Samples early = new Samples(what + ", page 1 ms");
		Samples late = new Samples(what + ", page " + number + " ms");
		for (int round = -WARM_UP; round < ROUNDS; round++) {
			double one = millis(first);
			double other = millis(last);
			if (round >= 0) {
				early.add(one);
				late.add(other);
			}
		}
		early.write(this.out);
		late.write(this.out);
		double ratio = late.median() / early.median();
		this.report.row(what + ": page 1; page " + number + ", ms (p50, p99 each)",
				early.quantiles() + "; " + late.quantiles(), "", true);
		this.report.row("the last of them over the first (p50)", Report.ratio(ratio), "at most 1.20", ratio <= 1.2);
	}

	private double millis(String path) throws IOException {
		long start = System.nanoTime();
		this.product.get(path);
		return (System.nanoTime() - start) / 1e6;
	}

}
