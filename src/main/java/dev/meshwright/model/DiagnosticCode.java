package dev.meshwright.model;

/** The catalogue of findings, completed as checks are written. */
public enum DiagnosticCode {

	/** A name is not what its kind allows. */
	INVALID_NAME

}
