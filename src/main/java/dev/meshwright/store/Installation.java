package dev.meshwright.store;

/**
 * The identity of this installation: it lives in the database and marks what is pushed.
 */
public interface Installation {

	/**
	 * A random id, made once when the database is first migrated; a valid label value.
	 */
	String id();

}
