package dev.meshwright.e2e;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/** What {@link ApiServerProxy} does to a request. */
public sealed interface Fault {

	/** Nothing. */
	Fault NONE = new None();

	/** The API server never sees it, and the caller's connection is cut. */
	Fault CUT_BEFORE = new CutBefore();

	/** The API server does it, and the caller's connection is cut without an answer. */
	Fault CUT_AFTER = new CutAfter();

	/** The API server does it, and the caller gets the first half of the answer. */
	Fault CUT_BODY = new CutBody();

	/** Nothing is done to it. */
	record None() implements Fault {
	}

	/** See {@link #CUT_BEFORE}. */
	record CutBefore() implements Fault {
	}

	/** See {@link #CUT_AFTER}. */
	record CutAfter() implements Fault {
	}

	/** See {@link #CUT_BODY}. */
	record CutBody() implements Fault {
	}

	/** It is passed on later. */
	record Delay(Duration time) implements Fault {
	}

	/** It is passed on when the latch is open, whoever waits for it by then. */
	record Hold(CountDownLatch until) implements Fault {
	}

	/** The API server never sees it; the caller gets this instead. */
	record Answer(int status, @Nullable Integer retryAfterSeconds) implements Fault {
	}

}
