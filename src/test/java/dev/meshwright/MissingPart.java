package dev.meshwright;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A real part that a test needs and this machine does not have. */
public final class MissingPart {

	private MissingPart() {
	}

	/**
	 * Skips the running test with a line that says what is missing, or fails it where
	 * {@code MESHWRIGHT_REQUIRE_ALL=true} says that everything must be there.
	 */
	public static void stopTest(String message) {
		if ("true".equals(System.getenv("MESHWRIGHT_REQUIRE_ALL"))) {
			Assertions.fail(message);
		}
		Assumptions.abort(message);
	}

}
