package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SandboxGatewayTest implements ClusterGatewayContract {

	private static final int HISTORY = 20;

	private final SandboxGateway gateway = SandboxGateway.inMemory(HISTORY, Duration.ofMillis(100));

	private int namespaces;

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.gateway.close();
	}

	@Override
	public ClusterGateway gateway() {
		return this.gateway;
	}

	@Override
	public ClusterGateway gatewayWithFastBookmarks() {
		return this.gateway;
	}

	@Override
	public String freshNamespace() {
		return namespace(this.gateway, "n" + ++this.namespaces);
	}

	@Override
	public void applyAs(String manager, Apply apply) {
		this.gateway.applyAs(manager, apply);
	}

	@Override
	public String forgottenResourceVersion() {
		String start = this.gateway.listing(ObjectKind.VIRTUAL_SERVICE, "").resourceVersion();
		for (int i = 0; i <= HISTORY; i++) {
			freshNamespace();
		}
		return start;
	}

	private static String namespace(ClusterGateway gateway, String name) {
		ObjectRef ref = TestObjects.ref(ObjectKind.NAMESPACE, "", name);
		gateway.apply(Apply.create(ref, TestObjects.body(ref, Map.of(), Map.of())));
		return name;
	}

	@Test
	void saysThatItIsASandbox() {
		assertThat(this.gateway.facts().kubernetesVersion()).isEqualTo("sandbox");
		SandboxGateway other = SandboxGateway.inMemory();
		assertThat(other.facts().clusterUid()).isNotEqualTo(this.gateway.facts().clusterUid());
	}

	@Test
	void replicasAreAvailableAtOnceAndTheStatusSaysWhy() {
		ObjectRef ref = TestObjects.ref(ObjectKind.DEPLOYMENT, freshNamespace(), "web");
		LiveObject live = this.gateway
			.apply(Apply.create(ref, TestObjects.body(ref, Map.of(), TestObjects.deployment(3))))
			.live();
		Map<?, ?> status = (Map<?, ?>) live.body().get("status");
		assertThat(status).extracting("replicas", "readyReplicas", "availableReplicas", "observedGeneration")
			.containsExactly(3, 3, 3, 1);
		assertThat(status.get("conditions").toString()).contains("Sandbox").contains("no pod runs");
	}

	@Test
	void aCallerCannotChangeWhatIsStored() {
		ObjectRef ref = TestObjects.ref(ObjectKind.SERVICE_ACCOUNT, freshNamespace(), "web");
		LiveObject live = this.gateway.apply(Apply.create(ref, TestObjects.body(ref, Map.of(), Map.of()))).live();
		live.body().clear();
		assertThat(this.gateway.get(ref).orElseThrow().uid()).isEqualTo(live.uid());
	}

	@Test
	void aFileKeepsObjectsOwnersAndIdentity() {
		Path file = this.directory.resolve("sub/local.jsonl");
		SandboxGateway first = SandboxGateway.inFile(file);
		ObjectRef kept = TestObjects.ref(ObjectKind.DEPLOYMENT, namespace(first, "shop"), "web");
		ObjectRef deleted = TestObjects.ref(ObjectKind.DEPLOYMENT, "shop", "old");
		LiveObject live = first.apply(Apply.create(kept, TestObjects.body(kept, Map.of(), TestObjects.deployment(1))))
			.live();
		LiveObject old = first
			.apply(Apply.create(deleted, TestObjects.body(deleted, Map.of(), TestObjects.deployment(1))))
			.live();
		first.delete(deleted, old.uid(), null);
		InstallationStamp stamp = first.stamp("installation", 7, 3, null);
		String uid = first.facts().clusterUid();
		String version = first.listing(ObjectKind.DEPLOYMENT, "").resourceVersion();

		// Not closed: the process was killed.
		SandboxGateway second = SandboxGateway.inFile(file);
		assertThat(second.facts().clusterUid()).isEqualTo(uid);
		assertThat(second.get(kept)).contains(live);
		assertThat(second.get(deleted)).isEmpty();
		assertThat(second.stamp()).contains(stamp);
		try (SandboxGateway third = SandboxGateway.inFile(file)) {
			assertThat(third.stamp()).as("a file written anew keeps it, too").contains(stamp);
		}
		assertThat(second.listing(ObjectKind.DEPLOYMENT, "").resourceVersion()).isEqualTo(version);
		assertThatExceptionOfType(ClusterFailure.FieldConflict.class)
			.isThrownBy(() -> second.applyAs("kubectl",
					new Apply(kept, TestObjects.partial(kept, Map.of("spec", Map.of("replicas", 5))), null, null,
							false)))
			.satisfies((ex) -> assertThat(ex.fields()).extracting(ClusterFailure.FieldConflict.Field::manager)
				.containsExactly("meshwright"));
		LiveObject again = second
			.apply(new Apply(kept, TestObjects.body(kept, Map.of(), TestObjects.deployment(1)), live.uid(),
					live.resourceVersion(), false))
			.live();
		assertThat(again.resourceVersion()).isEqualTo(live.resourceVersion());
		first.close();
		second.close();
	}

	@Test
	void aWatchFromBeforeARestartIsGone() throws Exception {
		Path file = this.directory.resolve("local.jsonl");
		SandboxGateway first = SandboxGateway.inFile(file);
		String start = first.listing(ObjectKind.NAMESPACE, "").resourceVersion();
		namespace(first, "shop");
		first.close();
		SandboxGateway second = SandboxGateway.inFile(file);
		ReceivedEvents events = new ReceivedEvents();
		second.watch(ObjectKind.NAMESPACE, start, events);
		assertThat(events.nextChange()).isInstanceOfSatisfying(WatchEvent.Ended.class,
				(ended) -> assertThat(ended.cause()).isEqualTo(WatchEvent.Cause.GONE));
		second.close();
	}

	@Test
	void aLineCutOffByAKillIsLeftOutAndDamageElsewhereIsSaid() throws IOException {
		Path file = this.directory.resolve("local.jsonl");
		SandboxGateway first = SandboxGateway.inFile(file);
		namespace(first, "shop");
		first.close();
		Files.writeString(file, "{\"resourceVersion\":9,\"ki", StandardOpenOption.APPEND);
		SandboxGateway second = SandboxGateway.inFile(file);
		assertThat(second.get(TestObjects.ref(ObjectKind.NAMESPACE, "", "shop"))).isPresent();
		second.close();
		Files.writeString(file, "rubbish\n" + Files.readString(file));
		assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(() -> SandboxGateway.inFile(file))
			.withMessageContaining("line 1");
	}

}
