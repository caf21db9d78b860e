package dev.meshwright.model.routing;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How one of the endpoints is chosen; {@code simple} and {@code consistentHash} exclude
 * each other.
 *
 * @param simple the algorithm
 * @param consistentHash keep what belongs together on the same endpoint
 * @param warmup give new endpoints their share little by little
 */
public record LoadBalancing(@Nullable Simple simple, @Nullable ConsistentHash consistentHash, @Nullable Warmup warmup) {

	/** Istio's algorithms. */
	public enum Simple {

		ROUND_ROBIN, LEAST_REQUEST, RANDOM, PASSTHROUGH

	}

	/**
	 * Session affinity by hash; exactly one of the first four.
	 *
	 * @param httpHeaderName hash this header
	 * @param httpCookie hash this cookie
	 * @param useSourceIp hash the caller's address
	 * @param httpQueryParameterName hash this query parameter
	 * @param ringHash use a hash ring
	 * @param maglev use Maglev
	 */
	public record ConsistentHash(@Nullable String httpHeaderName, @Nullable HttpCookie httpCookie,
			@Nullable Boolean useSourceIp, @Nullable String httpQueryParameterName, @Nullable RingHash ringHash,
			@Nullable Maglev maglev) {
	}

	/**
	 * A cookie, made by the proxy when the request has none and a ttl is given.
	 *
	 * @param name its name
	 * @param path its path
	 * @param ttl how long it lives; {@code 0s} means as long as the browser's session
	 */
	public record HttpCookie(String name, @Nullable String path, @Nullable Duration ttl) {
	}

	/**
	 * A hash ring.
	 *
	 * @param minimumRingSize the fewest points on the ring; default 1024
	 */
	public record RingHash(@Nullable Long minimumRingSize) {
	}

	/**
	 * Maglev hashing.
	 *
	 * @param tableSize the table's size, a prime of at most 5000011; default 65537
	 */
	public record Maglev(@Nullable Long tableSize) {
	}

	/**
	 * Slow start.
	 *
	 * @param duration how long an endpoint takes to its full share
	 * @param minimumPercent the share it starts with, percent; default 10
	 * @param aggression how fast the share grows; at least 1, default 1
	 */
	public record Warmup(Duration duration, @Nullable Double minimumPercent, @Nullable Double aggression) {
	}

}
