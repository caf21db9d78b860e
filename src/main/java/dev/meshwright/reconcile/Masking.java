package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.meshwright.model.ObjectField;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out of sight what may be secret. Manifests hold references to secrets and no
 * secrets; but people put passwords into environment variables, arguments, headers and
 * URLs, and others may have put one into a live field that is ours.
 */
final class Masking {

	static final String MASK = "***";

	private static final Pattern SECRET = Pattern.compile(
			"pass(word|wd|phrase)?|pwd|secret|token|credential|api[-_.]?key|(private|access|signing|encryption)[-_.]?key"
					+ "|auth(orization)?$|cookie|dsn$|connection[-_.]?string|salt$|signature",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern USER_IN_URL = Pattern.compile("(?<=://)[^/\\s@:]*:[^/\\s@]+(?=@)");

	private static final Pattern ASSIGNMENT = Pattern.compile("^(-{0,2}[\\w.-]+)=(.+)$", Pattern.DOTALL);

	/** Maps whose keys are people's own, in which a telling name has a secret value. */
	private static final Set<String> FREE = Set.of("annotations", "set", "add", "headers");

	private static final int SHORTEST = 4;

	private Masking() {
	}

	/** The value of a change, fit to be seen. */
	static @Nullable Object masked(@Nullable Object value, FieldDiff.Change change) {
		return masked(value, change.field(), change.secret());
	}

	/**
	 * A value, fit to be seen.
	 * @param value the value
	 * @param field the name of the field that has it, or of the list that it is an item
	 * of
	 * @param secret whether the names on the way to it say that it may be secret
	 */
	static @Nullable Object masked(@Nullable Object value, String field, boolean secret) {
		return (value != null && secret) ? MASK : tree(value, field);
	}

	/** The value of a field of an object, fit to be seen; null when it has none. */
	static @Nullable Object shown(ObjectField field, Map<String, Object> live) {
		return masked(field.in(live), field.steps().getLast().name(), false);
	}

	/**
	 * Whether what a field holds may be secret by the names around it.
	 * @param around the name of the field that holds this one
	 * @param field the field
	 * @param holder what it is a field of
	 */
	static boolean isSecret(String around, Object field, Map<?, ?> holder) {
		return (field.equals("value") && tells(holder.get("name"))) || (FREE.contains(around) && tells(field));
	}

	/** Whether what follows in a list of arguments may be secret. */
	static boolean tellsOfNext(@Nullable Object argument) {
		return argument instanceof String flag && flag.startsWith("-") && !flag.contains("=") && tells(flag);
	}

	private static @Nullable Object tree(@Nullable Object value, String field) {
		return switch (value) {
			case Map<?, ?> fields -> {
				Map<Object, Object> masked = new LinkedHashMap<>();
				fields.forEach((name, child) -> masked.put(name,
						isSecret(field, name, fields) ? MASK : tree(child, String.valueOf(name))));
				yield masked;
			}
			case List<?> items -> {
				List<Object> masked = new ArrayList<>();
				boolean next = false;
				for (Object item : items) {
					masked.add(next ? MASK : tree(item, field));
					next = tellsOfNext(item);
				}
				yield masked;
			}
			case String text -> text(text);
			case null, default -> value;
		};
	}

	private static String text(String text) {
		Matcher assignment = ASSIGNMENT.matcher(text);
		if (assignment.matches() && tells(assignment.group(1))) {
			return assignment.group(1) + "=" + MASK;
		}
		return USER_IN_URL.matcher(text).replaceAll(MASK);
	}

	private static boolean tells(@Nullable Object name) {
		return name instanceof String text && SECRET.matcher(text).find();
	}

	/**
	 * A message of an API server or webhook, in which nothing stands that is masked in
	 * the object which it is about.
	 */
	static String message(String message, Map<String, Object> object) {
		Set<String> secrets = new LinkedHashSet<>();
		hidden(object, tree(object, ""), secrets);
		String clean = message;
		for (String secret : secrets) {
			clean = clean.replace(secret, MASK);
		}
		return USER_IN_URL.matcher(clean).replaceAll(MASK);
	}

	private static void hidden(@Nullable Object value, @Nullable Object masked, Set<String> secrets) {
		switch (value) {
			case Map<?, ?> fields when masked instanceof Map<?, ?> others ->
				fields.forEach((name, child) -> hidden(child, others.get(name), secrets));
			case List<?> items when masked instanceof List<?> others -> {
				for (int i = 0; i < items.size(); i++) {
					hidden(items.get(i), others.get(i), secrets);
				}
			}
			case Map<?, ?> fields -> fields.values().forEach((child) -> hidden(child, MASK, secrets));
			case List<?> items -> items.forEach((child) -> hidden(child, MASK, secrets));
			case String text when !text.equals(masked) -> {
				secrets(text, MASK.equals(masked)).filter((secret) -> secret.length() >= SHORTEST)
					.forEach(secrets::add);
			}
			case null, default -> {
			}
		}
	}

	/** The secret parts of a text of which at least a part is masked. */
	private static Stream<String> secrets(String text, boolean whole) {
		if (whole) {
			return Stream.of(text);
		}
		Matcher assignment = ASSIGNMENT.matcher(text);
		return assignment.matches() && tells(assignment.group(1)) ? Stream.of(assignment.group(2))
				: USER_IN_URL.matcher(text)
					.results()
					.map(MatchResult::group)
					.flatMap((user) -> Stream.of(user.split(":")));
	}

}
