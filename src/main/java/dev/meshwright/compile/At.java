package dev.meshwright.compile;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Diagnostic.Severity;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A place in a declaration, from which findings are reported.
 *
 * @param findings where they go
 * @param resource the declaration
 * @param pointer JSON pointer of the place
 */
record At(Findings findings, ResourceId resource, String pointer) {

	/** A field or map entry below this place. */
	At at(String field) {
		return new At(this.findings, this.resource, this.pointer + "/" + field.replace("~", "~0").replace("/", "~1"));
	}

	/** A list item below this place. */
	At at(int index) {
		return new At(this.findings, this.resource, this.pointer + "/" + index);
	}

	/**
	 * Reports a finding with its code's severity.
	 * @param code which it is
	 * @param message what is wrong, with the values that are wrong
	 * @param remedy what fills the placeholders of the code's remedy
	 */
	void report(DiagnosticCode code, String message, Object... remedy) {
		report(code, code.severity(), message, remedy);
	}

	/** Reports a finding that is graver, or less grave, than its code usually is. */
	void report(DiagnosticCode code, Severity severity, String message, Object... remedy) {
		this.findings
			.add(new Diagnostic(code, severity, this.resource, this.pointer, message, code.remedy().formatted(remedy)));
	}

	/** Calls an action for each item of the list in a field, if there is one. */
	<T> void each(String field, @Nullable List<T> items, BiConsumer<T, At> action) {
		if (items != null) {
			At list = at(field);
			for (int index = 0; index < items.size(); index++) {
				action.accept(items.get(index), list.at(index));
			}
		}
	}

	/** Calls an action for each entry of the map in a field, if there is one. */
	<T> void entries(String field, @Nullable Map<String, T> entries, EntryAction<T> action) {
		if (entries != null) {
			At map = at(field);
			entries.forEach((key, value) -> action.accept(key, value, map.at(key)));
		}
	}

	/** Calls an action for the value in a field, if there is one. */
	<T> void given(String field, @Nullable T value, BiConsumer<T, At> action) {
		if (value != null) {
			action.accept(value, at(field));
		}
	}

	/**
	 * What is done with a map's entry.
	 *
	 * @param <T> the value's type
	 */
	interface EntryAction<T> {

		void accept(String key, T value, At at);

	}

}
