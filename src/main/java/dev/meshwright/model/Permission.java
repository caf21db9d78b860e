package dev.meshwright.model;

/** What an operation of the API demands of its caller. Every operation declares one. */
public enum Permission {

	/** Read declarations, their history and what they compile to. */
	READ_RESOURCES,

	/** Declare, change and delete what lives in a namespace. */
	WRITE_RESOURCES,

	/** Register, change and remove clusters and namespaces. */
	ADMINISTER

}
