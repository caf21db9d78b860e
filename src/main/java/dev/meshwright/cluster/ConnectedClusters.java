package dev.meshwright.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

import dev.meshwright.model.DnsNames;
import dev.meshwright.model.cluster.ClusterSpec.Connection;
import dev.meshwright.model.cluster.ClusterSpec.Kubeconfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The connections that are open. A kubeconfig is read again every few seconds, so that
 * new credentials take effect without a restart; a gateway lives until what it was made
 * from changes.
 */
@Component
class ConnectedClusters implements Clusters, DisposableBean {

	private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

	private final ConcurrentMap<String, Open> open = new ConcurrentHashMap<>();

	private final KubeconfigDirectory kubeconfigs;

	private final @Nullable Path sandboxes;

	private final Duration timeout;

	private final Duration watchTimeout;

	private final String systemNamespace;

	private final LongSupplier nanoTime;

	private final MeterRegistry meters;

	private final ObservationRegistry observations;

	/** What a gateway is made from. */
	private sealed interface Source {

	}

	private record ApiSource(ApiAccess access) implements Source {
	}

	private record SandboxSource(String cluster) implements Source {
	}

	/** A gateway with what it was made from and when that was last looked at. */
	private record Open(Connection connection, Source source, ClusterGateway gateway, long checkedAt) {
	}

	@Autowired
	ConnectedClusters(ClusterProperties properties, MeterRegistry meters, ObservationRegistry observations) {
		this(properties, System::nanoTime, meters, observations);
	}

	ConnectedClusters(ClusterProperties properties, LongSupplier nanoTime, MeterRegistry meters,
			ObservationRegistry observations) {
		this.observations = observations;
		this.meters = meters;
		this.kubeconfigs = new KubeconfigDirectory(properties.kubeconfigs(), properties.kubeconfigExec());
		this.sandboxes = properties.sandboxes();
		this.timeout = properties.clusterRequestTimeout();
		this.watchTimeout = properties.clusterWatchTimeout();
		this.systemNamespace = properties.systemNamespace();
		this.nanoTime = nanoTime;
	}

	@Override
	public ClusterGateway gateway(String cluster, Connection connection) {
		Open current = this.open.get(cluster);
		if (current != null && current.connection().equals(connection)
				&& this.nanoTime.getAsLong() - current.checkedAt() < LOOK_AGAIN.toNanos()) {
			return current.gateway();
		}
		return refreshed(cluster, connection).gateway();
	}

	/**
	 * Opens, keeps or replaces. What is not allowed any more is closed even if nothing
	 * can take its place. Nothing here waits for a cluster.
	 */
	private synchronized Open refreshed(String cluster, Connection connection) {
		Open old = this.open.get(cluster);
		try {
			Source source = source(cluster, connection);
			boolean same = old != null && old.source().equals(source);
			if (!same) {
				forget(cluster);
			}
			ClusterGateway gateway = (old != null && same) ? old.gateway()
					: new MeteredGateway(open(source), cluster, this.meters, this.observations);
			Open now = new Open(connection, source, gateway, this.nanoTime.getAsLong());
			this.open.put(cluster, now);
			return now;
		}
		catch (ClusterFailure ex) {
			forget(cluster);
			throw ex;
		}
	}

	@Override
	public synchronized void forget(String cluster) {
		Open old = this.open.remove(cluster);
		if (old != null) {
			old.gateway().close();
		}
	}

	@Override
	public void destroy() {
		this.open.keySet().forEach(this::forget);
	}

	/** What decides whether a gateway may stay: equal sources, same gateway. */
	private Source source(String cluster, Connection connection) {
		Kubeconfig kubeconfig = connection.kubeconfig();
		if (kubeconfig != null) {
			return new ApiSource(KubeconfigFile.read(this.kubeconfigs, kubeconfig.name(), kubeconfig.context()));
		}
		if (connection.inCluster() != null) {
			return new ApiSource(ServiceAccountAccess.read());
		}
		if (connection.sandbox() != null) {
			return new SandboxSource(cluster);
		}
		throw new ClusterFailure.Forbidden(
				"cluster " + cluster + ": its connection says nothing; give kubeconfig, inCluster or sandbox");
	}

	private ClusterGateway open(Source source) {
		return switch (source) {
			case ApiSource(ApiAccess access) -> new Fabric8Gateway(DirectHttpClients.open(access, this.timeout),
					this.watchTimeout, this.systemNamespace);
			case SandboxSource(String cluster) -> sandbox(cluster);
		};
	}

	private ClusterGateway sandbox(String cluster) {
		if (!DnsNames.isLabel(cluster)) {
			throw new ClusterFailure.Forbidden("a sandbox cluster's name must be an RFC 1123 label");
		}
		return (this.sandboxes == null) ? SandboxGateway.inMemory()
				: SandboxGateway.inFile(this.sandboxes.resolve(cluster + ".jsonl"));
	}

}
