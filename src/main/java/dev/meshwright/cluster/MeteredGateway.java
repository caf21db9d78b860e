package dev.meshwright.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times every call to a cluster, as {@code meshwright.cluster.calls}: by
 * cluster, verb, kind of object and outcome, which is {@code ok} or the name of the
 * {@link ClusterFailure}. Within a trace each is a step of it.
 */
final class MeteredGateway implements ClusterGateway {

	private static final String NO_KIND = "none";

	/** As every step of ours begins. */
	private static final String CALL = "meshwright.trace.cluster";

	private final ClusterGateway gateway;

	private final String cluster;

	private final MeterRegistry meters;

	private final ObservationRegistry observations;

	MeteredGateway(ClusterGateway gateway, String cluster, MeterRegistry meters, ObservationRegistry observations) {
		this.observations = observations;
		this.gateway = gateway;
		this.cluster = cluster;
		this.meters = meters;
	}

	/** What the calls go to. */
	ClusterGateway reached() {
		return this.gateway;
	}

	@Override
	public Optional<LiveObject> get(ObjectRef ref) {
		return timed("get", ref.kind().kind(), () -> this.gateway.get(ref));
	}

	@Override
	public <T> Scan<T> scan(ObjectKind kind, String namespace, Function<LiveObject, T> keep) {
		return timed("list", kind.kind(), () -> this.gateway.scan(kind, namespace, keep));
	}

	@Override
	public List<LiveEndpoint> endpoints(String namespace, String service) {
		return timed("list", "EndpointSlice", () -> this.gateway.endpoints(namespace, service));
	}

	@Override
	public Applied apply(Apply apply) {
		return timed("apply", apply.ref().kind().kind(), () -> this.gateway.apply(apply));
	}

	@Override
	public Applied dryRun(Apply apply) {
		return timed("dryRun", apply.ref().kind().kind(), () -> this.gateway.dryRun(apply));
	}

	@Override
	public Optional<LiveObject> delete(ObjectRef ref, String uid, @Nullable String resourceVersion) {
		return timed("delete", ref.kind().kind(), () -> this.gateway.delete(ref, uid, resourceVersion));
	}

	@Override
	public AutoCloseable watch(ObjectKind kind, String resourceVersion, Consumer<WatchEvent> events) {
		return timed("watch", kind.kind(), () -> this.gateway.watch(kind, resourceVersion, events));
	}

	@Override
	public ClusterFacts facts() {
		return timed("facts", NO_KIND, this.gateway::facts);
	}

	@Override
	public Optional<InstallationStamp> stamp() {
		return timed("readStamp", NO_KIND, this.gateway::stamp);
	}

	@Override
	public InstallationStamp stamp(String installation, long revision, long fence, @Nullable String resourceVersion) {
		return timed("writeStamp", NO_KIND, () -> this.gateway.stamp(installation, revision, fence, resourceVersion));
	}

	@Override
	public void close() {
		this.gateway.close();
	}

	private <T> T timed(String verb, String kind, Supplier<T> call) {
		long start = System.nanoTime();
		String outcome = "ok";
		Observation step = (this.observations.getCurrentObservation() == null) ? Observation.NOOP
				: Observation.createNotStarted(CALL, this.observations).contextualName("cluster." + verb).start();
		try {
			return call.get();
		}
		catch (ClusterFailure failure) {
			outcome = failure.getClass().getSimpleName();
			throw failure;
		}
		catch (RuntimeException | Error ex) {
			outcome = "Internal";
			throw ex;
		}
		finally {
			step.lowCardinalityKeyValue("meshwright.cluster", this.cluster)
				.lowCardinalityKeyValue("meshwright.kind", kind)
				.lowCardinalityKeyValue("meshwright.outcome", outcome)
				.stop();
			this.meters
				.timer("meshwright.cluster.calls", "cluster", this.cluster, "verb", verb, "kind", kind, "outcome",
						outcome)
				.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
		}
	}

}
