package dev.meshwright.model.failover;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.security.AccessRule;
import org.jspecify.annotations.Nullable;

/**
 * How many HTTP requests each pod of a service takes; what is more is refused at once.
 * Each pod's proxy counts for itself, each port for itself, and connections with mutual
 * TLS apart from plain ones: two pods take twice as many.
 *
 * @param requests the requests that an {@code interval} brings, at least 1; absent leaves
 * all requests together without limit
 * @param interval how often {@code requests} are added, at least {@code 50ms}; the
 * intervals of {@code rules} are whole multiples of it; default {@code 1s}
 * @param burst the requests that may have gathered unused, at least {@code requests};
 * default {@code requests}
 * @param rules limits of single requests, beside that of all of them; {@code []} means
 * none, filled replaces
 * @param onLimit what is answered to a request that is one too many
 */
public record RateLimit(@Nullable Integer requests, @Nullable Duration interval, @Nullable Integer burst,
		@Nullable List<Rule> rules, @Nullable OnLimit onLimit) {

	/** How often requests are added where nothing is said. */
	public static final Duration INTERVAL = Duration.ofSeconds(1);

	/** What is answered where nothing is said: too many requests. */
	public static final int STATUS = 429;

	/**
	 * A limit of some requests. A request that several rules match must be within each.
	 *
	 * @param name what it is called, unique among the rules
	 * @param match the requests: each field that is given must hold
	 * @param requests the requests that an interval brings, at least 1
	 * @param interval how often they are added, a whole multiple of that of all requests;
	 * default as that
	 * @param burst the requests that may have gathered unused, at least {@code requests};
	 * default {@code requests}
	 */
	public record Rule(String name, AccessRule.Operation match, int requests, @Nullable Duration interval,
			@Nullable Integer burst) {
	}

	/**
	 * The answer to a request that is one too many.
	 *
	 * @param status its status, 400 or more; default 429
	 * @param headers headers of it, by name, literally
	 */
	public record OnLimit(@Nullable Integer status, @Nullable Map<String, String> headers) {
	}

}
