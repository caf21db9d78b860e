package dev.meshwright.provider.istio;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.meshwright.compile.ClusterModel;

/**
 * The release of Istio that a cluster runs, for the few fields that not every supported
 * release has.
 *
 * @param major the first number
 * @param minor the second number
 */
record MeshVersion(int major, int minor) {

	/** Its proxies know all that {@link RateLimits} uses. */
	static final MeshVersion RATE_LIMIT = new MeshVersion(1, 16);

	/** {@code RequestAuthentication} takes {@code fromCookies}. */
	static final MeshVersion TOKEN_COOKIES = new MeshVersion(1, 21);

	/**
	 * {@code DestinationRule} takes {@code warmup} instead of {@code warmupDurationSecs}.
	 */
	static final MeshVersion WARMUP = new MeshVersion(1, 24);

	/** {@code DestinationRule} takes {@code retryBudget}. */
	static final MeshVersion RETRY_BUDGET = new MeshVersion(1, 27);

	/** {@code ServiceEntry} resolves by {@code DYNAMIC_DNS}. */
	static final MeshVersion DYNAMIC_DNS = new MeshVersion(1, 28);

	/** {@code HTTPRedirect} takes {@code prefixRewrite}. */
	static final MeshVersion REDIRECT_PREFIX_REWRITE = new MeshVersion(1, 31);

	private static final Pattern FORM = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})([.+-].*)?");

	/**
	 * The declared version, or empty when none is declared or it cannot be read: then a
	 * current release is assumed.
	 */
	static Optional<MeshVersion> of(ClusterModel cluster) {
		return cluster.meshVersion()
			.map(FORM::matcher)
			.filter(Matcher::matches)
			.map((matcher) -> new MeshVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
	}

	/** Whether a cluster is known to run an older release than this one. */
	boolean isNewerThanThatOf(ClusterModel cluster) {
		return of(cluster).filter((version) -> version.isBefore(this)).isPresent();
	}

	private boolean isBefore(MeshVersion other) {
		return this.major < other.major || (this.major == other.major && this.minor < other.minor);
	}

	@Override
	public String toString() {
		return this.major + "." + this.minor;
	}

}
