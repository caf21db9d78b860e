package dev.meshwright.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that exists in memory, and in a file if one is given: the contract of
 * {@link ClusterGateway} without an API server. It has no schemas, no defaulting and no
 * admission, and it never runs anything; {@link #facts()} says that it is a sandbox.
 */
final class SandboxGateway implements ClusterGateway {

	private static final int HISTORY = 1000;

	private static final Duration BOOKMARKS = Duration.ofSeconds(30);

	private final TreeMap<ObjectRef, SandboxObject> objects = new TreeMap<>();

	private final @Nullable SandboxFile file;

	private final SandboxHistory history;

	private final String uid;

	private long resourceVersion;

	private @Nullable InstallationStamp stamp;

	private boolean closed;

	private SandboxGateway(@Nullable SandboxFile file, int historySize, Duration bookmarks) {
		this.file = file;
		this.uid = (file != null) ? file.uid() : UUID.randomUUID().toString();
		if (file != null) {
			this.objects.putAll(file.objects());
			this.resourceVersion = file.resourceVersion();
			this.stamp = file.stamp();
		}
		this.history = new SandboxHistory(historySize, bookmarks, this.resourceVersion);
		for (String namespace : List.of("default", "kube-system")) {
			ObjectRef ref = new ObjectRef(ObjectKind.NAMESPACE, "", namespace);
			if (!this.objects.containsKey(ref)) {
				applyAs("sandbox", Apply.create(ref,
						Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", namespace))));
			}
		}
	}

	/** A sandbox that is gone with the process. */
	static SandboxGateway inMemory() {
		return inMemory(HISTORY, BOOKMARKS);
	}

	/**
	 * A sandbox that is gone with the process.
	 * @param historySize how many changes a watch can go back
	 * @param bookmarks after how long without a change a watch gets a bookmark
	 */
	static SandboxGateway inMemory(int historySize, Duration bookmarks) {
		return new SandboxGateway(null, historySize, bookmarks);
	}

	/**
	 * A sandbox that a file keeps.
	 * @throws ClusterFailure.Unavailable the file cannot be read or written
	 */
	static SandboxGateway inFile(Path file) {
		return new SandboxGateway(SandboxFile.open(file), HISTORY, BOOKMARKS);
	}

	@Override
	public synchronized Optional<LiveObject> get(ObjectRef ref) {
		requireOpen();
		return Optional.ofNullable(this.objects.get(AllowList.named(ref))).map(SandboxObject::live);
	}

	@Override
	public synchronized <T> Scan<T> scan(ObjectKind kind, String namespace, Function<LiveObject, T> keep) {
		requireOpen();
		AllowList.namespace(kind, namespace);
		List<T> found = this.objects.values()
			.stream()
			.filter((it) -> it.ref().kind() == kind && it.ours()
					&& (namespace.isEmpty() || namespace.equals(it.ref().namespace())))
			.map(SandboxObject::live)
			.map(keep)
			.toList();
		return new Scan<>(found, Long.toString(this.resourceVersion));
	}

	@Override
	public synchronized List<LiveEndpoint> endpoints(String namespace, String service) {
		requireOpen();
		SandboxObject found = this.objects.get(AllowList.named(new ObjectRef(ObjectKind.SERVICE, namespace, service)));
		return (found != null) ? Endpoints.of(found, this.objects.values()) : List.of();
	}

	@Override
	public Applied apply(Apply apply) {
		return applyAs(apply.manager(), apply);
	}

	@Override
	public synchronized Applied dryRun(Apply apply) {
		SandboxObject live = this.objects.get(apply.ref());
		SandboxObject merged = merged(apply.manager(), apply);
		return new Applied((merged == live) ? live.live() : complete(live, merged, this.resourceVersion + 1).live(),
				live == null);
	}

	/** An apply by any field manager: how tests act as somebody else. */
	synchronized Applied applyAs(String manager, Apply apply) {
		SandboxObject live = this.objects.get(apply.ref());
		SandboxObject merged = merged(manager, apply);
		return new Applied((merged == live) ? live.live() : put(live, merged).live(), live == null);
	}

	/** What an apply makes of an object; the same object when it changes nothing. */
	private SandboxObject merged(String manager, Apply apply) {
		requireOpen();
		AllowList.metadata(apply);
		ObjectRef ref = apply.ref();
		SandboxObject live = this.objects.get(ref);
		checkPreconditions(ref, live, apply.uid(), apply.resourceVersion());
		if (live == null) {
			requireNamespace(ref);
		}
		SandboxObject merged = ServerSideApply.merge(live, manager, apply);
		boolean same = live != null && live.body().equals(merged.body()) && live.owners().equals(merged.owners());
		return same ? live : merged;
	}

	@Override
	public synchronized Optional<LiveObject> delete(ObjectRef ref, String uid, @Nullable String expectedVersion) {
		requireOpen();
		SandboxObject live = this.objects.get(AllowList.named(ref));
		if (live == null) {
			return Optional.empty();
		}
		if (!live.uid().equals(uid) || expectedVersion != null && !expectedVersion.equals(live.resourceVersion())) {
			throw new ClusterFailure.Stale(ref + ": the live object is not the one to delete (uid " + live.uid()
					+ ", resourceVersion " + live.resourceVersion() + "); read it again");
		}
		if (ref.kind() == ObjectKind.NAMESPACE) {
			this.objects.values()
				.stream()
				.filter((it) -> it.ref().namespace().equals(ref.name()))
				.toList()
				.forEach(this::remove);
		}
		remove(live);
		return Optional.empty();
	}

	@Override
	public AutoCloseable watch(ObjectKind kind, String start, Consumer<WatchEvent> events) {
		SandboxWatch watch = new SandboxWatch(this.history, kind, start, events);
		Thread.ofVirtual().name("sandbox-watch-" + kind).start(watch);
		return watch;
	}

	@Override
	public ClusterFacts facts() {
		requireOpen();
		Set<String> apis = Arrays.stream(ObjectKind.values())
			.map((it) -> it.apiVersion() + "/" + it.kind())
			.collect(Collectors.toSet());
		return new ClusterFacts(this.uid, "sandbox", apis);
	}

	@Override
	public synchronized Optional<InstallationStamp> stamp() {
		requireOpen();
		return Optional.ofNullable(this.stamp);
	}

	@Override
	public synchronized InstallationStamp stamp(String installation, long revision, long fence,
			@Nullable String expectedVersion) {
		requireOpen();
		@Nullable InstallationStamp live = this.stamp;
		if (!Objects.equals((live != null) ? live.resourceVersion() : null, expectedVersion)) {
			throw new ClusterFailure.Stale("the sandbox's installation stamp has been written by somebody else");
		}
		long version = this.resourceVersion + 1;
		InstallationStamp written = new InstallationStamp(installation, revision, fence, Long.toString(version));
		if (this.file != null) {
			this.file.put(written, version);
		}
		this.resourceVersion = version;
		this.history.pass(version);
		this.stamp = written;
		return written;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.history.close();
		if (this.file != null) {
			this.file.close();
		}
	}

	private static void checkPreconditions(ObjectRef ref, @Nullable SandboxObject live, @Nullable String uid,
			@Nullable String version) {
		if (uid != null && (live == null || !uid.equals(live.uid()))) {
			throw new ClusterFailure.WrongUid(ref + ": uid mismatch: the uid sent is " + uid + ", "
					+ ((live == null) ? "and there is no live object" : "the live one is " + live.uid()));
		}
		if (version != null && live != null && !version.equals(live.resourceVersion())) {
			throw new ClusterFailure.Stale(ref + ": the object has been modified; the resourceVersion sent is "
					+ version + ", the live one is " + live.resourceVersion());
		}
	}

	private void requireNamespace(ObjectRef ref) {
		if (ref.kind().namespaced()
				&& !this.objects.containsKey(new ObjectRef(ObjectKind.NAMESPACE, "", ref.namespace()))) {
			throw new ClusterFailure.NamespaceMissing(ref + ": namespaces \"" + ref.namespace() + "\" not found");
		}
	}

	private SandboxObject put(@Nullable SandboxObject live, SandboxObject merged) {
		long version = this.resourceVersion + 1;
		SandboxObject stored = complete(live, merged, version);
		if (this.file != null) {
			this.file.put(stored, version);
		}
		this.resourceVersion = version;
		this.objects.put(stored.ref(), stored);
		this.history.add(version, live, stored);
		return stored;
	}

	/** With what the API server and the Deployment controller add. */
	private static SandboxObject complete(@Nullable SandboxObject live, SandboxObject merged, long version) {
		Map<String, Object> body = merged.body();
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("name", merged.ref().name());
		if (!merged.ref().namespace().isEmpty()) {
			metadata.put("namespace", merged.ref().namespace());
		}
		ObjectJson.map(body.get("metadata")).forEach((name, value) -> metadata.put(String.valueOf(name), value));
		long generation = (live == null) ? 1 : generation(live) + (sameContent(live.body(), body) ? 0 : 1);
		if (live == null) {
			metadata.put("uid", UUID.randomUUID().toString());
			metadata.put("creationTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
		}
		metadata.put("generation", generation);
		metadata.put("resourceVersion", Long.toString(version));
		body.put("metadata", metadata);
		if (merged.ref().kind() == ObjectKind.DEPLOYMENT) {
			body.put("status", DeploymentController.status(body, generation));
		}
		return new SandboxObject(merged.ref(), ObjectJson.copy(body), merged.owners());
	}

	private void remove(SandboxObject live) {
		long version = this.resourceVersion + 1;
		if (this.file != null) {
			this.file.remove(live.ref(), version);
		}
		this.resourceVersion = version;
		this.objects.remove(live.ref());
		this.history.add(version, live, null);
	}

	private static long generation(SandboxObject live) {
		return (ObjectJson.map(live.body().get("metadata")).get("generation") instanceof Number number)
				? number.longValue() : 1;
	}

	/** Whether two bodies agree in all but metadata and status. */
	private static boolean sameContent(Map<String, Object> one, Map<String, Object> other) {
		return content(one).equals(content(other));
	}

	private static Map<String, Object> content(Map<String, Object> body) {
		Map<String, Object> content = new LinkedHashMap<>(body);
		content.keySet().removeAll(Set.of("metadata", "status"));
		return content;
	}

	private void requireOpen() {
		if (this.closed) {
			throw new ClusterFailure.Unavailable("the connection to the sandbox was closed");
		}
	}

}
