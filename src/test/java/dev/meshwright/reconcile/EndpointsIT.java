package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.Clusters;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.document.Json;
import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.cluster.ClusterSpec.Connection;
import dev.meshwright.provider.istio.IstioRenderer;
import dev.meshwright.provider.kubernetes.KubernetesRenderer;
import dev.meshwright.store.Declared;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.StoreFixture;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The endpoints of a service as a real API server has them, and where they are not known.
 */
class EndpointsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private final RealApiServer server = RealApiServer.get();

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final WatchedGateway east = new WatchedGateway(TestGateways.real());

	private final WatchedGateway west = new WatchedGateway(TestGateways.sandbox());

	private final String ns = this.server.freshNamespace();

	private final EndpointsQuestion question = question(Duration.ofSeconds(30));

	private EndpointsQuestion question(Duration atMost) {
		Compiler compiler = new Compiler(List.of(new KubernetesRenderer(), new IstioRenderer()),
				new CompilerSettings(new TreeSet<>(), Set.of()));
		ClusterAccess access = new ClusterAccess(new Clusters() {
			@Override
			public ClusterGateway gateway(String cluster, Connection connection) {
				return cluster.equals("east") ? EndpointsIT.this.east : EndpointsIT.this.west;
			}

			@Override
			public void forget(String cluster) {
			}
		}, this.store.facts(), this.store.resources(), this.store.halts(), this.store.installation());
		return new EndpointsQuestion(this.store.snapshots(), compiler, access, atMost);
	}

	@BeforeEach
	void declare() {
		// each test has clusters of its own under the same names
		for (String table : List.of("resource", "cluster_facts", "cluster_halt")) {
			this.store.jdbc().sql("delete from " + table).update();
		}
		for (String cluster : List.of("east", "west")) {
			Declared.commit(this.store, Declared.put(ResourceId.cluster(cluster),
					"{'mesh': 'istio', 'connection': {'kubeconfig': {'name': '" + cluster + "'}}}"));
		}
		Declared.commit(this.store,
				Declared.put(ResourceId.namespace(this.ns), "{'placement': {'clusters': ['east', 'west']}}"),
				Declared.put(ResourceId.service(this.ns, "web"), """
						{'ports': [{'name': 'http', 'port': 80, 'protocol': 'HTTP'}], 'versions': [
						 {'name': 'v1', 'workload': {'image': 'example.com/web:1'}},
						 {'name': 'v1-canary', 'workload': {'image': 'example.com/web:2'}},
						 {'name': 'old', 'selector': {'app': 'web-old'}}]}"""));
	}

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.east.close();
		this.west.close();
	}

	private JsonNode ask(EndpointsQuestion asked, Caller caller) throws InterruptedException {
		Jobs.Claim claim = new Jobs.Claim(UUID.randomUUID(), Jobs.Task.ENDPOINTS, 1, caller,
				"{\"namespace\": \"" + this.ns + "\", \"name\": \"web\"}");
		return Json.mapper().readTree(asked.answer(claim, new Lanes(this.threads, 1)).orElseThrow()).get("clusters");
	}

	private JsonNode ask(EndpointsQuestion asked) throws InterruptedException {
		return ask(asked, Caller.system("test"));
	}

	/** Plays the controller that a bare API server does not have. */
	private void slice(String name, String family, Endpoint... endpoints) {
		this.server.client()
			.resource(new EndpointSliceBuilder().withNewMetadata()
				.withName(name)
				.withNamespace(this.ns)
				.withLabels(Map.of("kubernetes.io/service-name", name.substring(0, name.lastIndexOf('-'))))
				.endMetadata()
				.withAddressType(family)
				.withEndpoints(endpoints)
				.build())
			.serverSideApply();
	}

	private static EndpointBuilder pod(String name, String address) {
		return new EndpointBuilder().withAddresses(address)
			.withNewTargetRef()
			.withKind("Pod")
			.withName(name)
			.withUid("uid-" + name)
			.endTargetRef();
	}

	@Test
	void eachEndpointIsShownOnceWithWhereItRunsAndOfWhichVersionItIs() throws InterruptedException {
		slice("web-1", "IPv4",
				pod("web-v1-6d4cf56db6-abcde", "10.0.0.1").withNodeName("node-1")
					.withZone("zone-a")
					.withNewConditions()
					.withReady(true)
					.endConditions()
					.build(),
				pod("web-v1-canary-7f9c5d4b8-fghij", "10.0.0.2").withNewConditions()
					.withReady(false)
					.withServing(true)
					.withTerminating(true)
					.endConditions()
					.build(),
				pod("legacy-0", "10.0.0.3").build(), new EndpointBuilder().withAddresses("10.0.0.4").build());
		slice("web-2", "IPv6", pod("web-v1-6d4cf56db6-abcde", "2001:db8::1").build());
		slice("other-1", "IPv4", pod("other-v1-6d4cf56db6-abcde", "10.0.0.9").build());
		JsonNode clusters = ask(this.question);
		assertThat(clusters.valueStream().map((each) -> each.get("name").asString())).containsExactly("east", "west");
		JsonNode found = clusters.get(0);
		assertThat(found.get("ready").intValue()).isEqualTo(3);
		assertThat(found.get("notReady").intValue()).isOne();
		assertThat(found.has("message")).isFalse();
		assertThat(found.get("endpoints").valueStream().map(JsonNode::toString)).containsExactlyInAnyOrder(
				"{\"addresses\":[\"10.0.0.1\",\"2001:db8::1\"],\"ready\":true,\"terminating\":false,"
						+ "\"pod\":\"web-v1-6d4cf56db6-abcde\",\"version\":\"v1\",\"node\":\"node-1\",\"zone\":\"zone-a\"}",
				"{\"addresses\":[\"10.0.0.2\"],\"ready\":false,\"terminating\":true,"
						+ "\"pod\":\"web-v1-canary-7f9c5d4b8-fghij\",\"version\":\"v1-canary\"}",
				"{\"addresses\":[\"10.0.0.3\"],\"ready\":true,\"terminating\":false,\"pod\":\"legacy-0\"}",
				"{\"addresses\":[\"10.0.0.4\"],\"ready\":true,\"terminating\":false}");
		JsonNode none = clusters.get(1);
		assertThat(none.get("ready").intValue()).isZero();
		assertThat(none.get("endpoints").isEmpty()).as("there is none, and that is known").isTrue();
	}

	@Test
	void whatIsNotKnownIsNeverShownAsNone() throws InterruptedException {
		slice("web-1", "IPv4", pod("web-v1-6d4cf56db6-abcde", "10.0.0.1").build());
		assertThat(ask(this.question).get(0).get("ready").intValue()).isOne();
		this.west.always = () -> {
			throw new ClusterFailure.Forbidden("endpointslices is forbidden");
		};
		JsonNode clusters = ask(this.question);
		assertThat(clusters.get(0).get("ready").intValue()).isOne();
		assertUnknown(clusters.get(1), "endpointslices is forbidden");
		this.east.always = () -> {
			throw new ClusterFailure.Unavailable("no route to host");
		};
		assertUnknown(ask(this.question).get(0), "no route to host");
		this.store.jdbc().sql("delete from resource where kind = 'Cluster' and name = 'west'").update();
		assertThat(ask(this.question).valueStream().map((each) -> each.get("name").asString()))
			.as("a cluster that is not declared is no place")
			.containsExactly("east");
	}

	@Test
	void aSilentClusterDelaysNoOther() throws InterruptedException {
		slice("web-1", "IPv4", pod("web-v1-6d4cf56db6-abcde", "10.0.0.1").build());
		ask(this.question);
		EndpointsQuestion impatient = question(Duration.ofSeconds(3));
		ask(impatient);
		this.west.always = () -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				throw new ClusterFailure.Unavailable("interrupted");
			}
		};
		JsonNode clusters = ask(impatient);
		assertThat(clusters.get(0).get("ready").intValue()).isOne();
		assertUnknown(clusters.get(1), "no answer in time");
	}

	@Test
	void whoMayNotSeeTheServiceLearnsNothing() {
		Caller stranger = new Caller("stranger", Set.of(), NamespaceScope.of(Set.of("elsewhere")));
		assertThatExceptionOfType(Refusal.class).isThrownBy(() -> ask(this.question, stranger))
			.satisfies((refusal) -> assertThat(refusal.problem()).contains("404", "you may not see it"));
		Declared.commit(this.store, Declared.delete(ResourceId.service(this.ns, "web")));
		assertThatExceptionOfType(Refusal.class).isThrownBy(() -> ask(this.question))
			.satisfies((refusal) -> assertThat(refusal.problem()).contains("404"));
	}

	private static void assertUnknown(JsonNode cluster, String why) {
		assertThat(cluster.has("endpoints") || cluster.has("ready") || cluster.has("notReady")).isFalse();
		assertThat(cluster.get("message").asString()).contains(why);
	}

}
