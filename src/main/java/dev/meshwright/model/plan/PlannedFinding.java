package dev.meshwright.model.plan;

import dev.meshwright.model.Diagnostic;

/**
 * What the compiler says of a declaration.
 *
 * @param severity ERROR, WARNING or INFO; an ERROR makes the plan not applicable
 * @param code which finding it is
 * @param resource the declaration at fault
 * @param namespace the declaration's namespace; empty for one that lives in none
 * @param pointer JSON pointer into the declaration
 * @param message what is wrong, and how to mend it
 */
public record PlannedFinding(Diagnostic.Severity severity, String code, String resource, String namespace,
		String pointer, String message) {

	public static PlannedFinding of(Diagnostic diagnostic) {
		String remedy = diagnostic.remedy().isEmpty() ? "" : "; " + diagnostic.remedy();
		return new PlannedFinding(diagnostic.severity(), diagnostic.code().toString(), diagnostic.resource().toString(),
				diagnostic.resource().namespace(), diagnostic.pointer(), diagnostic.message() + remedy);
	}

	public boolean isError() {
		return this.severity == Diagnostic.Severity.ERROR;
	}

}
