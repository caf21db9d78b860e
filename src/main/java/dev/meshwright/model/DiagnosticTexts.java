package dev.meshwright.model;

import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;

/** The texts of the catalogue of findings, {@code diagnostics.properties}. */
final class DiagnosticTexts {

	private static final ResourceBundle TEXTS = ResourceBundle.getBundle("dev.meshwright.model.diagnostics",
			Locale.ROOT);

	private DiagnosticTexts() {
	}

	/** The text of a key, which must be there. */
	static String required(String key) {
		return TEXTS.getString(key);
	}

	/** The entries of a list separated by commas; none when the key is not there. */
	static List<String> list(String key) {
		return TEXTS.containsKey(key) ? List.of(TEXTS.getString(key).split(",")) : List.of();
	}

	/** Every key. */
	static Set<String> keys() {
		return TEXTS.keySet();
	}

}
