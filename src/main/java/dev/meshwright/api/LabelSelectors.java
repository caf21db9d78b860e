package dev.meshwright.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.meshwright.document.Pointers;
import dev.meshwright.store.Resources.LabelSelector;
import dev.meshwright.store.Resources.LabelSelector.Operator;
import dev.meshwright.store.Resources.LabelSelector.Requirement;

import org.springframework.http.HttpStatus;

/**
 * Reads label selectors as Kubernetes writes them: {@code a=b,c!=d,e in (f, g),h notin
 * (i),j,!k}.
 */
final class LabelSelectors {

	private static final String NAME = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";

	private static final String KEY = "((?:[a-z0-9][-a-z0-9.]{0,252}/)?" + NAME + ")";

	private static final Pattern EQUALITY = Pattern.compile(KEY + "\\s*(==|=|!=)\\s*(" + NAME + ")?");

	private static final Pattern SET = Pattern
		.compile(KEY + "\\s+(in|notin)\\s*\\(((?:[-A-Za-z0-9_.\\s]|,){0,2000})\\)");

	private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*" + KEY);

	private static final int MOST_LENGTH = 4096;

	private LabelSelectors() {
	}

	/**
	 * Reads a selector; an empty text selects everything.
	 * @throws ApiFailure 400 when it is none
	 */
	static LabelSelector parse(String text) {
		if (text.isBlank()) {
			return LabelSelector.EVERYTHING;
		}
		if (text.length() > MOST_LENGTH) {
			throw malformed("it is longer than " + MOST_LENGTH + " characters");
		}
		return new LabelSelector(split(text).stream().map(String::trim).map(LabelSelectors::requirement).toList());
	}

	private static Requirement requirement(String text) {
		Matcher equality = EQUALITY.matcher(text);
		if (equality.matches()) {
			Operator operator = equality.group(2).equals("!=") ? Operator.NOT_IN : Operator.IN;
			return new Requirement(equality.group(1), operator,
					Set.of(java.util.Objects.requireNonNullElse(equality.group(3), "")));
		}
		Matcher set = SET.matcher(text);
		if (set.matches()) {
			Operator operator = set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN;
			List<String> values = Arrays.stream(set.group(3).split(",", -1)).map(String::trim).toList();
			if (values.stream().anyMatch((value) -> !value.isEmpty() && !value.matches(NAME))) {
				throw malformed(Pointers.shown(text) + " has a value that is none");
			}
			return new Requirement(set.group(1), operator, new TreeSet<>(values));
		}
		Matcher existence = EXISTENCE.matcher(text);
		if (existence.matches()) {
			return new Requirement(existence.group(2),
					existence.group(1).isEmpty() ? Operator.EXISTS : Operator.DOES_NOT_EXIST, Set.of());
		}
		throw malformed(Pointers.shown(text) + " is not a requirement");
	}

	/** Splits at the commas that are not between parentheses. */
	private static List<String> split(String text) {
		List<String> parts = new ArrayList<>();
		int depth = 0;
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			depth += (c == '(') ? 1 : (c == ')') ? -1 : 0;
			if (c == ',' && depth == 0) {
				parts.add(text.substring(start, i));
				start = i + 1;
			}
		}
		parts.add(text.substring(start));
		return parts;
	}

	private static ApiFailure malformed(String why) {
		return ApiFailure.of(HttpStatus.BAD_REQUEST, "INVALID_SELECTOR", "labelSelector is malformed: " + why
				+ "; write requirements such as a=b, a!=b, a in (b,c), a notin (b), a or !a with commas between");
	}

}
