package dev.meshwright.store;

import java.util.Optional;

/** Bearer tokens; only their SHA-256 is kept. */
public interface Tokens {

	/**
	 * Makes a token.
	 * @param owner the name that history and audit record
	 * @param role the role's name, such as {@code admin}
	 * @return the token, shown this once
	 */
	String issue(String owner, String role);

	/**
	 * Makes a given text a token, when the operator brings it; does nothing when it
	 * already is one.
	 * @param token the token, at least 32 characters
	 */
	void register(String token, String owner, String role);

	/**
	 * Makes a given text the one token of a source: those that came from it before are
	 * revoked.
	 * @param source where the operator gives it, such as {@code bootstrap}
	 * @param token the token, at least 32 characters
	 * @return whether it holds; false when it was revoked before, and then nothing is
	 * changed: a token that was given up never comes back
	 */
	boolean replace(String source, String token, String owner, String role);

	/**
	 * Ends a token, from the next request on.
	 * @return whether it was one until now
	 */
	boolean revoke(String token);

	/** Whose token this is, or empty when it is none, or revoked. */
	Optional<Holder> holder(String token);

	/**
	 * Whom a token stands for.
	 *
	 * @param owner the name
	 * @param role the role
	 */
	record Holder(String owner, String role) {
	}

}
