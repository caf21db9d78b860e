package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.meshwright.cluster.Applied;
import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.InstallationStamp;
import dev.meshwright.cluster.LiveEndpoint;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.WatchEvent;
import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/** A gateway that keeps what was written through it and can be made to misbehave. */
final class WatchedGateway implements ClusterGateway {

	private final ClusterGateway gateway;

	final List<String> writes = Collections.synchronizedList(new ArrayList<>());

	final List<String> reads = Collections.synchronizedList(new ArrayList<>());

	/** Every watch that was opened, so that a test may end it. */
	final List<AutoCloseable> watches = Collections.synchronizedList(new ArrayList<>());

	/** May change an apply, or throw instead of it. */
	volatile UnaryOperator<Apply> before = UnaryOperator.identity();

	/**
	 * May throw after an apply, as if the process had died before it heard the answer.
	 */
	volatile Consumer<Apply> after = (apply) -> {
	};

	/** May throw instead of a delete. */
	volatile Consumer<ObjectRef> beforeDelete = (ref) -> {
	};

	/** May throw instead of a read of one object. */
	volatile Consumer<ObjectRef> beforeGet = (ref) -> {
	};

	/** May throw instead of a list. */
	volatile BiConsumer<ObjectKind, String> beforeScan = (kind, namespace) -> {
	};

	/** May throw instead of any call. */
	volatile Runnable always = () -> {
	};

	WatchedGateway(ClusterGateway gateway) {
		this.gateway = gateway;
	}

	@Override
	public Optional<LiveObject> get(ObjectRef ref) {
		this.always.run();
		this.reads.add("get " + ref);
		this.beforeGet.accept(ref);
		return this.gateway.get(ref);
	}

	@Override
	public <T> Scan<T> scan(ObjectKind kind, String namespace, Function<LiveObject, T> keep) {
		this.always.run();
		this.reads.add("list " + kind + " " + namespace);
		this.beforeScan.accept(kind, namespace);
		return this.gateway.scan(kind, namespace, keep);
	}

	@Override
	public List<LiveEndpoint> endpoints(String inNamespace, String service) {
		this.always.run();
		return this.gateway.endpoints(inNamespace, service);
	}

	@Override
	public Applied apply(Apply apply) {
		this.always.run();
		Apply sent = this.before.apply(apply);
		Applied applied = this.gateway.apply(sent);
		this.writes.add("apply " + sent.ref());
		this.after.accept(sent);
		return applied;
	}

	@Override
	public Applied dryRun(Apply apply) {
		this.always.run();
		return this.gateway.dryRun(apply);
	}

	@Override
	public Optional<LiveObject> delete(ObjectRef ref, String uid, @Nullable String resourceVersion) {
		this.always.run();
		this.beforeDelete.accept(ref);
		Optional<LiveObject> left = this.gateway.delete(ref, uid, resourceVersion);
		this.writes.add("delete " + ref);
		return left;
	}

	@Override
	public AutoCloseable watch(ObjectKind kind, String resourceVersion, Consumer<WatchEvent> events) {
		this.always.run();
		AutoCloseable watch = this.gateway.watch(kind, resourceVersion, events);
		this.watches.add(watch);
		return watch;
	}

	@Override
	public ClusterFacts facts() {
		this.always.run();
		return this.gateway.facts();
	}

	@Override
	public Optional<InstallationStamp> stamp() {
		this.always.run();
		return this.gateway.stamp();
	}

	@Override
	public InstallationStamp stamp(String installation, long revision, long fence, @Nullable String resourceVersion) {
		this.always.run();
		return this.gateway.stamp(installation, revision, fence, resourceVersion);
	}

	@Override
	public void close() {
		this.gateway.close();
	}

}
