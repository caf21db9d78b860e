package dev.meshwright.api;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.meshwright.model.Diagnostic;

/**
 * Something that should be looked at although the write was accepted.
 *
 * @param resource the resource
 * @param pointer the place in it, a JSON pointer
 * @param code what it is, for programs
 * @param message what it is and how to mend it
 */
record Warning(String resource, String pointer, String code, String message) {

	private static final int MOST_HEADERS = 10;

	static Warning of(Diagnostic diagnostic) {
		return new Warning(diagnostic.resource().toString(), diagnostic.pointer(), diagnostic.code().toString(),
				text(diagnostic));
	}

	/** What is wrong, and how to mend it. */
	static String text(Diagnostic diagnostic) {
		return diagnostic.message() + (diagnostic.remedy().isEmpty() ? "" : "; " + diagnostic.remedy());
	}

	/** The values of the {@code Warning} headers, as kubectl shows them. */
	static String[] headers(List<Warning> warnings) {
		return warnings.stream().limit(MOST_HEADERS).map(Warning::header).toArray(String[]::new);
	}

	private String header() {
		String text = this.code + " " + this.resource + this.pointer + ": " + this.message;
		String ascii = new String(text.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
			.replaceAll("\\p{Cntrl}", " ")
			.replace("\\", "\\\\")
			.replace("\"", "\\\"");
		return "299 - \"" + ((ascii.length() > 400) ? ascii.substring(0, 400).replaceAll("\\\\+$", "") : ascii) + "\"";
	}

}
