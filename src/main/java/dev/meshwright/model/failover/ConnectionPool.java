package dev.meshwright.model.failover;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How much may be under way from one caller's proxy to a service; what is more is refused
 * at once (503).
 *
 * @param tcp limits of connections
 * @param http limits of requests
 */
public record ConnectionPool(@Nullable Tcp tcp, @Nullable Http http) {

	/**
	 * Limits of connections, also those that carry HTTP.
	 *
	 * @param maxConnections the most HTTP/1.1 and TCP connections; at least 1; default
	 * without limit
	 * @param connectTimeout how long connecting may take; default {@code 10s}
	 * @param tcpKeepalive probes that keep idle connections alive; absent means none
	 * @param maxConnectionDuration how long a connection may live; default without limit
	 * @param idleTimeout how long a TCP connection may be idle; {@code 0s} means without
	 * limit; default {@code 1h}
	 */
	public record Tcp(@Nullable Integer maxConnections, @Nullable Duration connectTimeout,
			@Nullable TcpKeepalive tcpKeepalive, @Nullable Duration maxConnectionDuration,
			@Nullable Duration idleTimeout) {
	}

	/**
	 * Probes on idle connections; what is absent is the operating system's default.
	 *
	 * @param probes unanswered probes after which the connection is given up; at least 1
	 * @param time how long a connection is idle before the first probe; whole seconds
	 * @param interval how long between two probes; whole seconds
	 */
	public record TcpKeepalive(@Nullable Integer probes, @Nullable Duration time, @Nullable Duration interval) {
	}

	/**
	 * Limits of requests.
	 *
	 * @param http1MaxPendingRequests the most requests that wait for a connection; at
	 * least 1; default without limit
	 * @param http2MaxRequests the most requests under way, HTTP/1.1 too; at least 1;
	 * default without limit
	 * @param maxRequestsPerConnection after so many requests a connection is closed; 1
	 * means no keep-alive, 0 without limit; default without limit
	 * @param maxRetries the most retries under way at once; at least 1; default without
	 * limit
	 * @param idleTimeout how long a connection may be without requests; default
	 * {@code 1h}
	 * @param h2UpgradePolicy whether HTTP/1.1 is upgraded to HTTP/2; default the mesh's
	 * own
	 * @param maxConcurrentStreams the most requests at once on one HTTP/2 connection; at
	 * least 1; default 2147483647
	 */
	public record Http(@Nullable Integer http1MaxPendingRequests, @Nullable Integer http2MaxRequests,
			@Nullable Integer maxRequestsPerConnection, @Nullable Integer maxRetries, @Nullable Duration idleTimeout,
			@Nullable H2UpgradePolicy h2UpgradePolicy, @Nullable Integer maxConcurrentStreams) {
	}

	/** Whether HTTP/1.1 is upgraded, spelled as Istio spells it. */
	public enum H2UpgradePolicy {

		/** As the mesh is configured. */
		DEFAULT,

		/** Never. */
		DO_NOT_UPGRADE,

		/** Always. */
		UPGRADE

	}

}
