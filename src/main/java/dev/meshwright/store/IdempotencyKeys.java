package dev.meshwright.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers answers to POSTs that carried an Idempotency-Key, for 24 hours, per caller.
 */
public interface IdempotencyKeys {

	/**
	 * Claims a key before the work is done. Who claimed it and neither completes nor
	 * releases it within two minutes has died: the same request may then claim it again.
	 * @param caller the caller's name
	 * @param key the key
	 * @param requestHash SHA-256 of method, path, query and body
	 * @return what is known of the key: empty when it is new and now claimed
	 */
	Optional<Known> claim(String caller, String key, byte[] requestHash);

	/** Keeps the answer for those who ask again. */
	void complete(String caller, String key, Stored answer);

	/**
	 * Gives a key back when the work failed without effect, so that it can be tried
	 * again.
	 */
	void release(String caller, String key);

	/**
	 * What is known of a key.
	 *
	 * @param sameRequest whether it was claimed by the same request
	 * @param answer the answer, once it is there
	 */
	record Known(boolean sameRequest, Optional<Stored> answer) {
	}

	/**
	 * An answer.
	 *
	 * @param status its HTTP status
	 * @param contentType its content type
	 * @param headers its other headers, by name; none where the version of Meshwright
	 * that answered kept none
	 * @param body its body
	 */
	record Stored(int status, String contentType, Map<String, List<String>> headers, String body) {
	}

}
