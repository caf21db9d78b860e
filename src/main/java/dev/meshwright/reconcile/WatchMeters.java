package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import dev.meshwright.cluster.WatchEvent.Cause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

import org.springframework.stereotype.Component;

/**
 * What can be seen of the watches that this process holds. A watch that died without a
 * word looks healthy in everything but the time since it was heard of.
 */
@Component
class WatchMeters {

	private final MeterRegistry meters;

	private final MultiGauge kinds;

	private final MultiGauge silence;

	WatchMeters(MeterRegistry meters) {
		this.meters = meters;
		this.kinds = MultiGauge.builder("meshwright.watches.kinds")
			.description("Kinds of objects of which this process sees every change (followed), or is to (blind)")
			.register(meters);
		this.silence = MultiGauge.builder("meshwright.watches.silence.seconds")
			.description("How long ago that watch of a cluster was heard of which was heard of longest ago")
			.register(meters);
	}

	/** The watches of a cluster begin; what may end one shows from now on. */
	void begun(String cluster) {
		for (Cause cause : Cause.values()) {
			endings(cluster, cause);
		}
	}

	/** A watch ended. */
	void ended(String cluster, Cause cause) {
		endings(cluster, cause).increment();
	}

	private Counter endings(String cluster, Cause cause) {
		return this.meters.counter("meshwright.watches.ended", "cluster", cluster, "cause",
				cause.name().toLowerCase(Locale.ROOT));
	}

	/** Reads the gauges anew. */
	void sample(Collection<ClusterWatch> held) {
		List<Row<?>> states = new ArrayList<>();
		List<Row<?>> silences = new ArrayList<>();
		for (ClusterWatch watch : held) {
			Tags cluster = Tags.of("cluster", watch.held().cluster());
			int followed = watch.followed().size();
			states.add(Row.of(cluster.and("state", "followed"), followed));
			states.add(Row.of(cluster.and("state", "blind"), watch.served() - followed));
			silences.add(Row.of(cluster, watch.silence().toMillis() / 1000.0));
		}
		this.kinds.register(states, true);
		this.silence.register(silences, true);
	}

}
