package dev.meshwright.model.failover;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * To which localities requests go: at most one of {@code failover}, {@code distribute}
 * and {@code failoverPriority}. One that is given takes the place of whichever the levels
 * above give.
 *
 * @param enabled whether the caller's locality matters at all; false sends requests to
 * all endpoints alike; default the mesh's own, which is true
 * @param failover where requests go when a region fails; needs outlier detection
 * @param distribute which share of the requests goes where, failing or not
 * @param failoverPriority labels of nodes and pods, the most important first: endpoints
 * that agree with the caller in more of them, counted from the first, come first; needs
 * outlier detection. {@code label=value} counts as agreement where the endpoint has the
 * value
 */
public record Locality(@Nullable Boolean enabled, @Nullable List<Failover> failover,
		@Nullable List<Distribute> distribute, @Nullable List<String> failoverPriority) {

	/**
	 * From one region to another.
	 *
	 * @param from the region that fails, such as {@code eu-west}; without zone
	 * @param to the region that takes its requests
	 */
	public record Failover(String from, String to) {
	}

	/**
	 * The shares of requests from one locality.
	 *
	 * @param from the callers' locality, {@code region}, {@code region/zone} or
	 * {@code region/zone/subzone}; a part may be {@code *}
	 * @param to the share of each locality, percent; each 1 to 100, together 100
	 */
	public record Distribute(String from, Map<String, Integer> to) {
	}

	/** Whether one of the three ways is chosen. */
	public boolean chooses() {
		return this.failover != null || this.distribute != null || this.failoverPriority != null;
	}

	/** The same without the way that is chosen. */
	public Locality withoutChoice() {
		return new Locality(this.enabled, null, null, null);
	}

}
