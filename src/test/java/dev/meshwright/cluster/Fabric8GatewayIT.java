package dev.meshwright.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class Fabric8GatewayIT implements ClusterGatewayContract {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private RealApiServer server;

	private ApiAccess access;

	private ClusterGateway gateway;

	@TempDir
	private Path directory;

	@BeforeEach
	void connect() {
		this.server = RealApiServer.get();
		this.server.writeKubeconfig(this.directory, "real");
		this.access = KubeconfigFile.read(new KubeconfigDirectory(this.directory, false), "real", null);
		this.gateway = gateway(Duration.ofMinutes(5));
	}

	@AfterEach
	void close() {
		if (this.gateway != null) {
			this.gateway.close();
		}
	}

	private ClusterGateway gateway(Duration watchTimeout) {
		return new Fabric8Gateway(DirectHttpClients.open(this.access, TIMEOUT), watchTimeout, "meshwright");
	}

	@Override
	public ClusterGateway gateway() {
		return this.gateway;
	}

	/** The API server sends one shortly before it ends a watch. */
	@Override
	public ClusterGateway gatewayWithFastBookmarks() {
		close();
		this.gateway = gateway(Duration.ofSeconds(5));
		return this.gateway;
	}

	@Override
	public String freshNamespace() {
		return this.server.freshNamespace();
	}

	/** As when the address leads to another cluster from one call to the next. */
	@Test
	void aStampThatIsGoneIsNotMadeAgainByWhoRaisesIt() {
		String namespace = "meshwright-" + this.server.freshName();
		try (ClusterGateway own = new Fabric8Gateway(DirectHttpClients.open(this.access, TIMEOUT),
				Duration.ofMinutes(5), namespace)) {
			InstallationStamp stamp = own.stamp("installation-1", 7, 3, null);
			this.server.client().configMaps().inNamespace(namespace).withName(StampObject.NAME).delete();
			assertThatExceptionOfType(ClusterFailure.Stale.class)
				.isThrownBy(() -> own.stamp("installation-1", 8, 3, stamp.resourceVersion()));
			assertThat(own.stamp()).isEmpty();
			InstallationStamp again = own.stamp("installation-1", 8, 3, null);
			assertThat(own.stamp("installation-1", 9, 3, again.resourceVersion()).revision()).isEqualTo(9);
		}
	}

	@Override
	public void applyAs(String manager, Apply apply) {
		this.server.client()
			.resource(ObjectJson.MAPPER.writeValueAsString(apply.body()))
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager(manager)
				.withForce(apply.force())
				.build());
	}

	@Override
	public String forgottenResourceVersion() {
		return "1";
	}

	private ObjectRef fresh(ObjectKind kind) {
		return TestObjects.ref(kind, freshNamespace(), "web");
	}

	private Applied create(ObjectRef ref, Map<String, Object> content) {
		return this.gateway.apply(Apply.create(ref, TestObjects.body(ref, Map.of(), content)));
	}

	@Test
	void listsOverSeveralPages() {
		String namespace = freshNamespace();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			IntStream.range(0, 520)
				.forEach((i) -> threads
					.submit(() -> create(TestObjects.ref(ObjectKind.SERVICE_ACCOUNT, namespace, "a" + i), Map.of())));
		}
		assertThat(this.gateway.list(ObjectKind.SERVICE_ACCOUNT, namespace)).hasSize(520);
	}

	@Test
	void aWatchEndsWithoutBeingGoneWhenTheServerIsDone() throws Exception {
		ReceivedEvents events = new ReceivedEvents();
		ClusterGateway gateway = gatewayWithFastBookmarks();
		gateway.watch(ObjectKind.INGRESS, gateway.listing(ObjectKind.INGRESS, "").resourceVersion(), events);
		assertThat(events.nextChange()).isEqualTo(new WatchEvent.Ended(WatchEvent.Cause.OVER, "ended by the server"));
	}

	@Test
	void whatTheSchemaRefusesIsInvalid() {
		ObjectRef ref = fresh(ObjectKind.DEPLOYMENT);
		LiveObject live = create(ref, TestObjects.deployment(1)).live();
		Map<String, Object> otherSelector = Map.of("spec",
				Map.of("selector", Map.of("matchLabels", Map.of("app", "other"))));
		assertThatExceptionOfType(ClusterFailure.Invalid.class)
			.isThrownBy(() -> this.gateway
				.apply(new Apply(ref, TestObjects.body(ref, Map.of(), otherSelector), live.uid(), null, false)))
			.withMessageContaining(ref.toString());
		ObjectRef route = TestObjects.ref(ObjectKind.VIRTUAL_SERVICE, ref.namespace(), "web");
		assertThatExceptionOfType(ClusterFailure.Invalid.class)
			.isThrownBy(() -> create(route, Map.of("spec", Map.of("hosts", List.of("web"), "noSuchField", true))))
			.withMessageContaining("noSuchField");
	}

	/** Some kinds answer a delete with the object, whether it is gone or not. */
	@ParameterizedTest
	@EnumSource(value = ObjectKind.class, names = { "SERVICE_ACCOUNT", "ROLE", "VIRTUAL_SERVICE" })
	void aDeleteSaysWhatIsLeft(ObjectKind kind) {
		ObjectRef ref = fresh(kind);
		create(ref, (kind == ObjectKind.VIRTUAL_SERVICE) ? Map.of("spec", Map.of("hosts", List.of("web"))) : Map.of());
		GenericKubernetesResource held = this.server.client()
			.genericKubernetesResources(kind.apiVersion(), kind.kind())
			.inNamespace(ref.namespace())
			.withName(ref.name())
			.edit((live) -> {
				live.getMetadata().setFinalizers(List.of("example.com/hold"));
				return live;
			});
		String uid = held.getMetadata().getUid();
		Optional<LiveObject> left = this.gateway.delete(ref, uid, held.getMetadata().getResourceVersion());
		assertThat(left.orElseThrow().finalizers()).containsExactly("example.com/hold");
		assertThat(left.get()).isEqualTo(this.gateway.get(ref).orElseThrow());
		this.server.client()
			.genericKubernetesResources(kind.apiVersion(), kind.kind())
			.inNamespace(ref.namespace())
			.withName(ref.name())
			.edit((live) -> {
				live.getMetadata().setFinalizers(List.of());
				return live;
			});
		assertThat(this.gateway.delete(ref, uid, null)).isEmpty();
	}

	@Test
	void aNamespaceThatIsBeingDeletedIsMissing() {
		ObjectRef ref = fresh(ObjectKind.SERVICE_ACCOUNT);
		this.server.client().namespaces().withName(ref.namespace()).delete();
		assertThatExceptionOfType(ClusterFailure.NamespaceMissing.class).isThrownBy(() -> create(ref, Map.of()));
	}

	@Test
	void aPathThatIsNotServedIsAKindNotServed() {
		ApiAccess elsewhere = new ApiAccess(this.access.server() + "/apis/none", this.access.authority(),
				this.access.certificate(), this.access.key(), null, null, null, null);
		try (ClusterGateway other = new Fabric8Gateway(DirectHttpClients.open(elsewhere, TIMEOUT), TIMEOUT,
				"meshwright")) {
			ObjectRef ref = TestObjects.ref(ObjectKind.GATEWAY, "default", "web");
			assertThatExceptionOfType(ClusterFailure.KindNotServed.class).isThrownBy(() -> other.get(ref));
			assertThatExceptionOfType(ClusterFailure.KindNotServed.class)
				.isThrownBy(() -> other.delete(ref, "u", null));
			assertThatExceptionOfType(ClusterFailure.KindNotServed.class)
				.isThrownBy(() -> other.listing(ObjectKind.GATEWAY, ""));
		}
	}

	@Test
	void withoutCredentialsItIsForbidden() {
		ApiAccess anonymous = new ApiAccess(this.access.server(), this.access.authority(), null, null, null, null, null,
				null);
		try (ClusterGateway other = new Fabric8Gateway(DirectHttpClients.open(anonymous, TIMEOUT), TIMEOUT,
				"meshwright")) {
			assertThatExceptionOfType(ClusterFailure.Forbidden.class).isThrownBy(other::facts);
		}
	}

	@Test
	void aServerThatNoNamedAuthoritySignedIsNotTalkedTo() {
		ApiAccess unknown = new ApiAccess(this.access.server(), this.access.certificate(), null, null, "secret-token",
				null, null, null);
		try (ClusterGateway other = new Fabric8Gateway(DirectHttpClients.open(unknown, TIMEOUT), TIMEOUT,
				"meshwright")) {
			assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(other::facts)
				.withMessageContaining("SSL")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret-token"));
		}
	}

}
