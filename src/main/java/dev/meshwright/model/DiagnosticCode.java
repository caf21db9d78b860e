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
	NOT_EXPRESSIBLE_AT_GATEWAY,

	/** The mesh of a placed cluster is of a release that lacks what is asked for. */
	MESH_VERSION_TOO_OLD,

	/** A TLS rule matches a server name that is not one of the service's. */
	SNI_NOT_OF_SERVICE

}
