package dev.meshwright.store;

import java.time.Instant;

/**
 * The identity of this installation: it lives in the database and marks what is pushed.
 */
public interface Installation {

	/**
	 * A random id, made once when the database is first migrated; a valid label value.
	 */
	String id();

	/** The newest committed revision; 0 before the first. */
	long revision();

	/** The database's time. */
	Instant now();

	/**
	 * Lets every later claim have a fence above this one: a database that was restored
	 * must not go on with fences that its clusters have seen already.
	 */
	void raiseFence(long fence);

}
