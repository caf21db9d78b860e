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
 * @param about which declaration is at fault
 * @param rule the name of the HTTP rule at fault; empty when it is no single one
 * @param pointer JSON pointer from that rule, or from the declaration's document when
 * there is none; may be empty with a rule
 * @param message what is wrong, with the values that are wrong
 * @param remedy how to mend it
 */
public record Objection(DiagnosticCode code, Severity severity, About about, Optional<String> rule, String pointer,
		String message, String remedy) {

	/** What a renderer may object to. */
	public enum About {

		SERVICE, ROUTING_POLICY

	}

	/** An ERROR about an HTTP rule. */
	public static Objection toRule(DiagnosticCode code, String rule, String pointer, String message, String remedy) {
		return new Objection(code, Severity.ERROR, About.ROUTING_POLICY, Optional.of(rule), pointer, message, remedy);
	}

	/** An ERROR about the routing policy beside its HTTP rules. */
	public static Objection toPolicy(DiagnosticCode code, String pointer, String message, String remedy) {
		return new Objection(code, Severity.ERROR, About.ROUTING_POLICY, Optional.empty(), pointer, message, remedy);
	}

	/** An ERROR about the service. */
	public static Objection toService(DiagnosticCode code, String pointer, String message, String remedy) {
		return new Objection(code, Severity.ERROR, About.SERVICE, Optional.empty(), pointer, message, remedy);
	}

}
