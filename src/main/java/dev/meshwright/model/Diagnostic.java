package dev.meshwright.model;

/**
 * Something the compiler has to say about a declaration.
 *
 * @param code which finding it is, from the catalogue
 * @param severity ERROR refuses the write that introduces it, WARNING and INFO do not
 * @param resource the declaration at fault
 * @param pointer JSON pointer into that declaration's document, such as
 * {@code /spec/rules/0/timeout}
 * @param message what is wrong, with the values that are wrong
 * @param remedy how to mend it
 */
public record Diagnostic(DiagnosticCode code, Severity severity, ResourceId resource, String pointer, String message,
		String remedy) {

	/** How grave a finding is. */
	public enum Severity {

		ERROR, WARNING, INFO

	}

	public boolean isError() {
		return this.severity == Severity.ERROR;
	}

	@Override
	public String toString() {
		return this.severity + " " + this.code + " " + this.resource + this.pointer + ": " + this.message + " ("
				+ this.remedy + ")";
	}

}
