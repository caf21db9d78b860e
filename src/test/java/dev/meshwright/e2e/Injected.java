package dev.meshwright.e2e;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/** What {@link ApiServerProxy} does to a request. */
public sealed interface Injected {

	/** Nothing. */
	Injected NONE = new None();

	/** The API server never sees it, and the caller's connection is cut. */
	Injected CUT_BEFORE = new CutBefore();

	/** The API server does it, and the caller's connection is cut without an answer. */
	Injected CUT_AFTER = new CutAfter();

	/** The API server does it, and the caller gets the first half of the answer. */
	Injected CUT_BODY = new CutBody();

	/**
	 * A watch that begins and is told at once that the API server does not remember that
	 * far back.
	 */
	Injected GONE = new Gone();

	/**
	 * A watch that begins and is over at once, in an orderly way and without a reason.
	 */
	Injected END_CLEANLY = new EndCleanly();

	/** Nothing is done to it. */
	record None() implements Injected {
	}

	/** See {@link #CUT_BEFORE}. */
	record CutBefore() implements Injected {
	}

	/** See {@link #CUT_AFTER}. */
	record CutAfter() implements Injected {
	}

	/** See {@link #CUT_BODY}. */
	record CutBody() implements Injected {
	}

	/** See {@link #GONE}. */
	record Gone() implements Injected {
	}

	/** See {@link #END_CLEANLY}. */
	record EndCleanly() implements Injected {
	}

	/** It is passed on later. */
	record Delay(Duration time) implements Injected {
	}

	/** It is passed on when the latch is open, whoever waits for it by then. */
	record Hold(CountDownLatch until) implements Injected {
	}

	/** The API server never sees it; the caller gets this instead. */
	record Answer(int status, @Nullable Integer retryAfterSeconds) implements Injected {
	}

}
