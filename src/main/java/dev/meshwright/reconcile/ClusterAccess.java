package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.Clusters;
import dev.meshwright.model.Caller;
import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.cluster.ClusterSpec.Connection;
import dev.meshwright.store.Facts;
import dev.meshwright.store.Halts;
import dev.meshwright.store.Installation;
import dev.meshwright.store.Resources;
import dev.meshwright.store.Resources.LabelSelector;
import dev.meshwright.store.Resources.ListQuery;
import dev.meshwright.store.StoredResource;

import org.springframework.stereotype.Component;

/**
 * Opens clusters, after making sure that they are the ones they were taken for: a
 * connection that reaches another cluster than before, or one that another declaration
 * reaches already, gets no pushes.
 */
@Component
class ClusterAccess {

	private static final Caller CALLER = Caller.system("reconcile");

	private static final int MOST_CLUSTERS = 1000;

	/** For so long an answer counts for the objects that are made after it. */
	private static final Duration SURE = Duration.ofSeconds(1);

	private final Map<String, Identified> identified = new ConcurrentHashMap<>();

	private final ReentrantLock identifying = new ReentrantLock();

	private final Clusters clusters;

	private final Facts facts;

	private final Resources resources;

	private final ClusterIdentity identity;

	private final StampMarks marks;

	ClusterAccess(Clusters clusters, Facts facts, Resources resources, Halts halts, Installation installation) {
		this.clusters = clusters;
		this.facts = facts;
		this.resources = resources;
		this.marks = new StampMarks(installation);
		this.identity = new ClusterIdentity(facts, halts, installation, this.marks);
	}

	/**
	 * A cluster that is the one it was taken for, as reached through this gateway:
	 * another connection, or another kubeconfig under the same name, makes another
	 * gateway.
	 */
	private record Identified(Connection connection, ClusterGateway gateway, AtomicLong sureAt, ReentrantLock asking) {

		Identified(Connection connection, ClusterGateway gateway) {
			this(connection, gateway, new AtomicLong(System.nanoTime()), new ReentrantLock());
		}

		boolean isSure() {
			return System.nanoTime() - this.sureAt.get() < SURE.toNanos();
		}

	}

	/** What a cluster is and how it is reached, or why it is not. */
	sealed interface Access {

		/** It may be pushed to. */
		record Open(ClusterGateway gateway, boolean sandbox) implements Access {
		}

		/** It may not. */
		record Shut(String reason, String message) implements Access {
		}

	}

	/** Every cluster that is declared, in the order of their names. */
	Iterable<Resource<?>> declared() {
		return this.resources
			.list(CALLER, new ListQuery(Kind.CLUSTER, null, LabelSelector.EVERYTHING, MOST_CLUSTERS, null))
			.items()
			.stream()
			.<Resource<?>>map(StoredResource::resource)
			.toList();
	}

	/**
	 * The gateway to a cluster that may be asked.
	 * @throws ClusterFailure.Unavailable why it may not
	 */
	ClusterGateway gateway(String cluster) {
		return switch (open(cluster)) {
			case Access.Open open -> open.gateway();
			case Access.Shut shut -> throw new ClusterFailure.Unavailable(shut.message());
		};
	}

	/**
	 * Opens a cluster for pushing what was compiled at a revision. When this process has
	 * pushed a newer one there, it may be that the database is another one by now.
	 */
	Access open(String cluster, long revision) {
		if (this.marks.outruns(cluster, revision)) {
			this.identified.remove(cluster);
		}
		return open(cluster);
	}

	/**
	 * Opens a cluster for pushing; one that was not identified by this process yet is
	 * asked who it is first.
	 */
	Access open(String cluster) {
		Optional<Connection> connection = connection(cluster);
		if (connection.isEmpty()) {
			return new Access.Shut("ClusterUnknown",
					"Cluster " + cluster + " is not declared any more; its objects are let go as they are");
		}
		try {
			ClusterGateway gateway = this.clusters.gateway(cluster, connection.get());
			Identified known = this.identified.get(cluster);
			return (known != null && known.gateway == gateway && known.connection.equals(connection.get()))
					? new Access.Open(gateway, connection.get().sandbox() != null) : probe(cluster, connection.get());
		}
		catch (ClusterFailure failure) {
			return shut(cluster, failure);
		}
	}

	/**
	 * Asks again, once a second at most, whether what answers is the cluster that it was:
	 * a name or a load balancer may lead elsewhere from one call to the next. To be asked
	 * before something is made where nothing is; all else names a uid, which no other
	 * cluster has.
	 * @return why nothing may be made there, or empty
	 */
	Optional<Access.Shut> doubt(String cluster, ClusterGateway gateway) {
		Identified known = this.identified.get(cluster);
		if (known == null || known.gateway != gateway) {
			return Optional.of(new Access.Shut("Changing",
					"cluster " + cluster + " is reached in another way by now; it is pushed to again at once"));
		}
		if (known.isSure()) {
			return Optional.empty();
		}
		known.asking.lock();
		try {
			if (!known.isSure()) {
				if (!this.identity.isOurs(gateway) && probe(cluster, known.connection) instanceof Access.Shut shut) {
					return Optional.of(shut);
				}
				known.sureAt.set(System.nanoTime());
			}
			return Optional.empty();
		}
		finally {
			known.asking.unlock();
		}
	}

	/** The names of the clusters that this process has identified. */
	Set<String> opened() {
		return Set.copyOf(this.identified.keySet());
	}

	/** The way to a cluster that this process has identified, without asking it. */
	Optional<ClusterGateway> opened(String cluster) {
		Identified known = this.identified.get(cluster);
		return (known == null) ? Optional.empty()
				: Optional.of(this.clusters.gateway(cluster, known.connection)).filter((same) -> same == known.gateway);
	}

	private Optional<Connection> connection(String cluster) {
		return this.resources.find(CALLER, ResourceId.cluster(cluster))
			.filter((stored) -> stored.resource().metadata().deletionTimestamp() == null)
			.map((stored) -> stored.resource().as(ClusterSpec.class).spec().connection());
	}

	/**
	 * Asks a cluster who it is and keeps the answer, one cluster at a time, so that of
	 * two declarations that reach the same cluster only the first is let in.
	 */
	Access probe(String cluster, Connection connection) {
		try {
			ClusterGateway gateway = this.clusters.gateway(cluster, connection);
			ClusterFacts found = gateway.facts();
			this.identifying.lock();
			try {
				boolean sandbox = connection.sandbox() != null;
				Optional<Access.Shut> objection = (sandbox ? Optional.<Access.Shut>empty() : twin(cluster, found))
					.or(() -> this.identity.check(cluster, gateway, found, sandbox));
				if (objection.isPresent()) {
					this.identified.remove(cluster);
					this.facts.unreachable(cluster, objection.get().message());
					return objection.get();
				}
				this.facts.found(cluster, found);
				this.identified.put(cluster, new Identified(connection, gateway));
				return new Access.Open(gateway, connection.sandbox() != null);
			}
			finally {
				this.identifying.unlock();
			}
		}
		catch (ClusterFailure failure) {
			this.facts.unreachable(cluster, failure.getMessage());
			return shut(cluster, failure);
		}
	}

	private static Access shut(String cluster, ClusterFailure failure) {
		boolean silent = failure instanceof ClusterFailure.Unavailable || failure instanceof ClusterFailure.Throttled;
		return new Access.Shut(silent ? Failures.UNREACHABLE : failure.getClass().getSimpleName(),
				"cluster " + cluster + ": " + failure.getMessage());
	}

	/** Of two declarations that reach one cluster, the first is let in. */
	private Optional<Access.Shut> twin(String cluster, ClusterFacts found) {
		Optional<String> before = uid(cluster).filter(found.clusterUid()::equals);
		for (Resource<?> other : declared()) {
			String name = other.id().name();
			boolean first = before.isEmpty() || name.compareTo(cluster) < 0;
			boolean sandbox = other.as(ClusterSpec.class).spec().connection().sandbox() != null;
			if (!name.equals(cluster) && !sandbox && first && uid(name).equals(Optional.of(found.clusterUid()))) {
				return Optional.of(new Access.Shut(Halts.Reason.WRONG_CLUSTER.toString(),
						"The connection of cluster " + cluster + " reaches the same cluster as " + name
								+ " (kube-system uid " + found.clusterUid()
								+ "); nothing is pushed. Delete one of the two"));
			}
		}
		return Optional.empty();
	}

	private Optional<String> uid(String cluster) {
		return this.facts.of(cluster)
			.flatMap((known) -> Optional.ofNullable(known.facts()))
			.map(ClusterFacts::clusterUid);
	}

	/** A push of what was compiled at a revision is about to begin. */
	void pushing(String cluster, long revision, long fence) {
		this.marks.pushing(cluster, revision, fence);
	}

	/** Clusters whose stamp is behind what this process has pushed there. */
	Set<String> behind() {
		return this.marks.behind();
	}

	/**
	 * Raises the stamp of a cluster; one that somebody else has written is identified
	 * again before the next push.
	 */
	void raiseStamp(String cluster) {
		if (!this.marks.raise(cluster)) {
			this.identified.remove(cluster);
		}
	}

	/** Closes the connections of clusters that are not declared any more. */
	void forget(String cluster) {
		this.identified.remove(cluster);
		this.marks.forget(cluster);
		this.clusters.forget(cluster);
	}

}
