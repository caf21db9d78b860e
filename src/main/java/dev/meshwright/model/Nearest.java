package dev.meshwright.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class Nearest {

	private Nearest() {
	}

	/**
	 * The known word with the smallest edit distance to a word, or empty when none is
	 * near: more than a third of its letters, and at least two, or all of them would have
	 * to change.
	 */
	public static Optional<String> to(String word, Collection<String> known) {
		if (word.length() > 64) {
			return Optional.empty();
		}
		return known.stream()
			.filter((candidate) -> distance(word, candidate) <= allowed(candidate))
			.min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
				.thenComparing(Comparator.naturalOrder()));
	}

	/** A sentence that proposes the nearest known word, or lists all of them. */
	public static String advice(String word, Collection<String> known) {
		return to(word, known).map((nearest) -> "did you mean " + nearest + "?")
			.orElseGet(() -> known.isEmpty() ? "nothing can be given here" : "known are " + String.join(", ", known));
	}

	private static int allowed(String candidate) {
		return Math.min(Math.max(2, candidate.length() / 3), candidate.length() - 1);
	}

	private static int distance(String one, String other) {
		String a = one.toLowerCase(java.util.Locale.ROOT);
		String b = other.toLowerCase(java.util.Locale.ROOT);
		int[] row = new int[b.length() + 1];
		for (int j = 0; j <= b.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= a.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= b.length(); j++) {
				int above = row[j];
				int replaced = diagonal + ((a.charAt(i - 1) == b.charAt(j - 1)) ? 0 : 1);
				row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
				diagonal = above;
			}
		}
		return row[b.length()];
	}

}
