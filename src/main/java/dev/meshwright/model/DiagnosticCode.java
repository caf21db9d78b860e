package dev.meshwright.model;

/** The catalogue of findings, completed as checks are written. */
public enum DiagnosticCode {

	/** A name is not what its kind allows. */
	INVALID_NAME,

	/**
	 * The gateway sorts rules by how specific they are, and a request would meet another
	 * rule than the declared order says.
	 */
	RULE_ORDER_NOT_KEPT,

	/**
	 * The gateway's API cannot say what an exposure or a rule at the gateway asks for.
	 */
	NOT_EXPRESSIBLE_AT_GATEWAY

}
