package dev.meshwright.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.meshwright.cluster.ApiServer.Answer;
import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** A real cluster, reached with fabric8's HTTP client. */
final class Fabric8Gateway implements ClusterGateway {

	private static final int PAGE = 500;

	private static final Duration GRACE = Duration.ofSeconds(10);

	private static final int LIST_ATTEMPTS = 4;

	private final ApiServer api;

	private final Duration watchTimeout;

	private final StampObject stamp;

	private final Set<Fabric8Watch> watches = ConcurrentHashMap.newKeySet();

	/**
	 * A gateway to an API server.
	 * @param api the server, which this closes
	 * @param watchTimeout after how long the server ends a watch, in whole seconds; a
	 * connection that died silently is noticed a little later
	 * @param systemNamespace the namespace of the cluster's installation stamp
	 */
	Fabric8Gateway(ApiServer api, Duration watchTimeout, String systemNamespace) {
		this.api = api;
		this.watchTimeout = watchTimeout;
		this.stamp = new StampObject(api, systemNamespace);
	}

	@Override
	public Optional<LiveObject> get(ObjectRef ref) {
		Answer answer = this.api.get(ApiPaths.object(ref));
		if (ApiFailures.isAbsent(answer, ref.name())) {
			return Optional.empty();
		}
		return Optional.of(live(ref, answer));
	}

	@Override
	public <T> Scan<T> scan(ObjectKind kind, String namespace, Function<LiveObject, T> keep) {
		for (int attempt = 1; attempt < LIST_ATTEMPTS; attempt++) {
			Optional<Scan<T>> scan = pages(kind, namespace, keep);
			if (scan.isPresent()) {
				return scan.get();
			}
		}
		throw new ClusterFailure.Unavailable(
				kind + ": the list expired between its pages " + (LIST_ATTEMPTS - 1) + " times; the cluster is busy");
	}

	@Override
	public List<LiveEndpoint> endpoints(String namespace, String service) {
		Endpoints endpoints = new Endpoints();
		String continuation = "";
		do {
			Map<String, Object> page = tree("endpointslices of " + namespace + "/" + service,
					this.api.get(ApiPaths.endpointSlices(namespace, service, PAGE, continuation)));
			endpoints.add(page);
			continuation = ObjectJson.text(ObjectJson.map(page.get("metadata")).get("continue"));
		}
		while (!continuation.isEmpty());
		return endpoints.all();
	}

	/** One run over all pages; empty when the server forgot the list half-way (410). */
	private <T> Optional<Scan<T>> pages(ObjectKind kind, String namespace, Function<LiveObject, T> keep) {
		List<T> found = new ArrayList<>();
		String continuation = "";
		while (true) {
			Answer answer = this.api.get(ApiPaths.list(kind, namespace, PAGE, continuation));
			if (answer.status() == 410) {
				return Optional.empty();
			}
			Map<String, Object> page = tree(kind, answer);
			if (page.get("items") instanceof List<?> items) {
				for (Object item : items) {
					@SuppressWarnings("unchecked")
					Map<String, Object> tree = (Map<String, Object>) item;
					found.add(keep.apply(ObjectJson.live(kind, tree)));
				}
			}
			Map<?, ?> metadata = ObjectJson.map(page.get("metadata"));
			continuation = ObjectJson.text(metadata.get("continue"));
			if (continuation.isEmpty()) {
				return Optional.of(new Scan<>(found, ObjectJson.text(metadata.get("resourceVersion"))));
			}
		}
	}

	@Override
	public Applied apply(Apply apply) {
		return apply(apply, ApiPaths.apply(apply.ref(), apply.manager(), apply.force()));
	}

	@Override
	public Applied dryRun(Apply apply) {
		return apply(apply, ApiPaths.dryRun(apply.ref(), apply.manager(), apply.force()));
	}

	private Applied apply(Apply apply, String path) {
		Answer answer = this.api.patch(path, ObjectJson.applyBody(apply));
		return new Applied(live(apply.ref(), answer), answer.status() == 201);
	}

	@Override
	public Optional<LiveObject> delete(ObjectRef ref, String uid, @Nullable String resourceVersion) {
		Map<String, Object> preconditions = new LinkedHashMap<>();
		preconditions.put("uid", uid);
		if (resourceVersion != null) {
			preconditions.put("resourceVersion", resourceVersion);
		}
		String options = ObjectJson.MAPPER.writeValueAsString(Map.of("apiVersion", "v1", "kind", "DeleteOptions",
				"propagationPolicy", "Background", "preconditions", preconditions));
		Answer answer = this.api.delete(ApiPaths.object(ref), options);
		if (ApiFailures.isAbsent(answer, ref.name())) {
			return Optional.empty();
		}
		if (answer.status() == 409) {
			throw new ClusterFailure.Stale(String.valueOf(ApiFailures.of(ref, answer).getMessage()));
		}
		if (!answer.ok()) {
			throw ApiFailures.of(ref, answer);
		}
		return left(ref, answer);
	}

	/**
	 * Some kinds answer with the object also when it is gone; one that is left has been
	 * given the time of its deletion.
	 */
	private static Optional<LiveObject> left(ObjectRef ref, Answer answer) {
		Map<String, Object> body = ObjectJson.treeOrEmpty(answer.body());
		return "Status".equals(body.get("kind")) ? Optional.empty()
				: Optional.of(ObjectJson.live(ref.kind(), body)).filter(LiveObject::terminating);
	}

	@Override
	public AutoCloseable watch(ObjectKind kind, String resourceVersion, Consumer<WatchEvent> events) {
		Fabric8Watch watch = new Fabric8Watch(this.api, kind,
				ApiPaths.watch(kind, resourceVersion, this.watchTimeout.toSeconds()), this.watchTimeout.plus(GRACE),
				events, this.watches::remove);
		this.watches.add(watch);
		Thread.ofVirtual().name("watch-" + kind).start(watch);
		return watch;
	}

	@Override
	public ClusterFacts facts() {
		return new Discovery(this.api).facts();
	}

	@Override
	public Optional<InstallationStamp> stamp() {
		return this.stamp.read();
	}

	@Override
	public InstallationStamp stamp(String installation, long revision, long fence, @Nullable String resourceVersion) {
		return this.stamp.write(installation, revision, fence, resourceVersion);
	}

	@Override
	public void close() {
		this.watches.forEach(Fabric8Watch::close);
		this.api.close();
	}

	private static LiveObject live(ObjectRef ref, Answer answer) {
		return ObjectJson.live(ref.kind(), tree(ref, answer));
	}

	private static Map<String, Object> tree(Object what, Answer answer) {
		if (!answer.ok()) {
			throw ApiFailures.of(what, answer);
		}
		try {
			return ObjectJson.tree(answer.body());
		}
		catch (JacksonException ex) {
			throw new ClusterFailure.Unavailable(what + ": the answer is not JSON: " + ex.getOriginalMessage());
		}
	}

}
