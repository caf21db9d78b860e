package dev.meshwright.reconcile;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A field as an API server names it in a conflict, such as
 * {@code .spec.template.spec.containers[name="app"].image}. Field names are not quoted
 * there and may hold dots, so a path is read along a body.
 */
final class FieldPath {

	private static final Pattern SELECTOR = Pattern.compile("^\\[([^\\]]*)\\]");

	private static final Pattern KEY = Pattern.compile("(\\w*)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^,]+))");

	private FieldPath() {
	}

	/**
	 * Whether the body says something about this field: it has it, or an atom around it.
	 */
	static boolean covers(@Nullable Object body, String path) {
		if (body == null) {
			return false;
		}
		if (path.isEmpty()) {
			return true;
		}
		return switch (body) {
			case Map<?, ?> fields -> fields.entrySet().stream().anyMatch((field) -> {
				String step = "." + field.getKey();
				String rest = path.startsWith(step) ? path.substring(step.length()) : "?";
				return (rest.isEmpty() || rest.startsWith(".") || rest.startsWith("["))
						&& covers(field.getValue(), rest);
			});
			case List<?> items -> item(items, path);
			default -> true;
		};
	}

	private static boolean item(List<?> items, String path) {
		Matcher selector = SELECTOR.matcher(path);
		if (!selector.find()) {
			return true;
		}
		String rest = path.substring(selector.end());
		String which = selector.group(1);
		if (which.matches("\\d+")) {
			int index = Integer.parseInt(which);
			return index < items.size() && covers(items.get(index), rest);
		}
		return items.stream().anyMatch((item) -> matches(item, which) && covers(item, rest));
	}

	private static boolean matches(Object item, String which) {
		Matcher key = KEY.matcher(which);
		boolean any = false;
		while (key.find()) {
			any = true;
			String wanted = (key.group(2) != null) ? key.group(2) : key.group(3);
			Object value = (item instanceof Map<?, ?> fields) ? fields.get(key.group(1)) : item;
			// a key that we leave out has the server's default
			if (value != null && !value.toString().equals(wanted)) {
				return false;
			}
		}
		return any;
	}

}
