package dev.meshwright.compile;

import java.util.Optional;

import dev.meshwright.model.Diagnostic.Severity;
import dev.meshwright.model.DiagnosticCode;

/**
 * What a renderer has to say about a model before it renders it. The compiler, which
 * knows where things were declared, makes a diagnostic of it.
 *
 * @param code which finding it is
 * @param severity ERROR refuses the write that introduces it
 * @param rule the name of the HTTP rule at fault; empty when it is the service itself
 * @param pointer JSON pointer from that rule, or from the service's document when there
 * is none; may be empty with a rule
 * @param message what is wrong, with the values that are wrong
 * @param remedy how to mend it
 */
public record Objection(DiagnosticCode code, Severity severity, Optional<String> rule, String pointer, String message,
		String remedy) {

	/** An ERROR about an HTTP rule. */
	public static Objection toRule(DiagnosticCode code, String rule, String pointer, String message, String remedy) {
		return new Objection(code, Severity.ERROR, Optional.of(rule), pointer, message, remedy);
	}

	/** An ERROR about the service. */
	public static Objection toService(DiagnosticCode code, String pointer, String message, String remedy) {
		return new Objection(code, Severity.ERROR, Optional.empty(), pointer, message, remedy);
	}

}
