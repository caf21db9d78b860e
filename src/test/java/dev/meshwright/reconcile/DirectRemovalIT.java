package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What goes without a look before, and what does not, on a real API server. */
class DirectRemovalIT {

	private World world;

	private KubernetesClient others;

	private String ns;

	private final List<ObjectRef> tried = Collections.synchronizedList(new ArrayList<>());

	@BeforeEach
	void make() {
		RealApiServer server = RealApiServer.get();
		this.others = server.client();
		this.ns = server.freshName();
		this.world = new World(TestGateways.real(), this.ns);
		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 80));
		this.world.declare("api", Objects.account(this.ns, "api"));
		this.world.settle();
		this.world.writes();
		this.world.gateway.reads.clear();
		this.world.gateway.beforeDelete = this.tried::add;
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	@Test
	void whatIsAsWePushedItGoesWithOneCallEach() {
		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 81));
		this.world.settle();
		this.world.writes();
		undeclare("web");
		assertThat(this.world.gateway.reads).isEmpty();
		assertThat(this.tried).containsExactlyInAnyOrder(account("web"), service());
		assertThat(this.world.gateway.get(account("web"))).isEmpty();
		assertThat(this.world.gateway.get(service())).isEmpty();
		assertThat(remains("web")).isZero();
	}

	/** As when a controller writes the status of each object of a kind. */
	@Test
	void whatMovedIsLookedAtAndOthersOfItsKindFromThenOn() {
		annotate("web", "one");
		annotate("api", "one");
		undeclare("web");
		assertThat(this.world.gateway.reads).containsExactly("get " + account("web"));
		assertThat(this.tried).containsExactlyInAnyOrder(service(), account("web"), account("web"));
		this.tried.clear();
		this.world.gateway.reads.clear();
		undeclare("api");
		assertThat(this.world.gateway.reads).containsExactly("get " + account("api"));
		assertThat(this.tried).containsExactly(account("api"));
		assertThat(this.world.gateway.get(account("api"))).isEmpty();
		assertThat(remains("web") + remains("api")).isZero();
	}

	@Test
	void aKindIsQuietAgainWhenOneIsMetAsItWasLeft() {
		annotate("web", "one");
		undeclare("web");
		this.world.declare("new", Objects.account(this.ns, "new"));
		this.world.settle();
		undeclare("api");
		this.world.gateway.reads.clear();
		this.tried.clear();
		undeclare("new");
		assertThat(this.world.gateway.reads).isEmpty();
		assertThat(this.tried).containsExactly(account("new"));
	}

	@Test
	void whatLostOurLabelMeanwhileStays() {
		edit("web", (live) -> live.editMetadata().removeFromLabels(Stamps.MANAGED_BY).endMetadata());
		undeclare("web");
		assertThat(this.world.gateway.get(account("web"))).isPresent();
		assertThat(this.world.programmed("web").reason()).isEqualTo(Failures.ORPHANED);
		assertThat(this.world.programmed("web").message()).contains(account("web").toString(), Stamps.MANAGED_BY);
		assertThat(remains("web")).isOne();
	}

	@Test
	void anotherObjectInItsPlaceStays() {
		this.others.serviceAccounts().inNamespace(this.ns).withName("web").delete();
		ServiceAccount other = this.others
			.resource(new ServiceAccountBuilder().withNewMetadata()
				.withNamespace(this.ns)
				.withName("web")
				.addToLabels(Stamps.MANAGED_BY, Stamps.MESHWRIGHT)
				.endMetadata()
				.build())
			.create();
		undeclare("web");
		assertThat(this.world.gateway.get(account("web")).map(LiveObject::uid)).contains(other.getMetadata().getUid());
		assertThat(remains("web")).isZero();
	}

	@Test
	void whatIsGoneAlreadyIsGone() {
		this.others.serviceAccounts().inNamespace(this.ns).withName("web").delete();
		undeclare("web");
		assertThat(this.world.gateway.reads).isEmpty();
		assertThat(remains("web")).isZero();
	}

	@Test
	void whatAFinalizerHoldsIsNotGoneBeforeItIs() {
		edit("web", (live) -> live.editMetadata().addToFinalizers("example.com/hold").endMetadata());
		undeclare("web");
		assertThat(this.world.programmed("web").reason()).isEqualTo(Failures.TERMINATING);
		assertThat(this.world.programmed("web").message()).contains("example.com/hold");
		assertThat(remains("web")).isOne();
		int before = this.tried.size();
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.tried).as("it is being deleted already").hasSize(before);
		edit("web", (live) -> live.editMetadata().withFinalizers(List.of()).endMetadata());
		this.world.waitIsOver();
		this.world.settle();
		assertThat(remains("web")).isZero();
	}

	/** An attempt that ended without an answer may have changed what we know. */
	@Test
	void whatAnOpenIntentMayHaveChangedIsLookedAt() {
		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 81));
		this.world.workAndDie(this.world.claim("worker"));
		this.world.expireLeases();
		this.world.gateway.reads.clear();
		undeclare("web");
		assertThat(this.world.gateway.reads).contains("get " + service());
		assertThat(this.world.gateway.get(service())).isEmpty();
		assertThat(remains("web")).isZero();
	}

	/** A comparison reads the version at which the label is missing. */
	@Test
	void whatDriftedWhileItHadToWaitStays() {
		Compilation.Push push = this.world.push;
		this.world.push = new Compilation.Push(Duration.ZERO, Duration.ofHours(1), push.conflictPolicy(),
				push.deletionPolicy(), push.driftPolicy());
		this.world.declare("web", Objects.service(this.ns, "web", 80));
		this.world.settle();
		edit("web", (live) -> live.editMetadata().removeFromLabels(Stamps.MANAGED_BY).endMetadata());
		this.world.push = push;
		this.world.rows.units().resyncAll();
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.gateway.get(account("web"))).isPresent();
		assertThat(this.world.programmed("web").reason()).isEqualTo(Failures.ORPHANED);
	}

	private void undeclare(String service) {
		this.world.undeclare(ResourceId.service(this.ns, service));
		this.world.settle();
	}

	private void annotate(String name, String value) {
		edit(name, (live) -> live.editMetadata().addToAnnotations("example.com/status", value).endMetadata());
	}

	private void edit(String name, UnaryOperator<ServiceAccountBuilder> change) {
		this.others.serviceAccounts()
			.inNamespace(this.ns)
			.withName(name)
			.edit((live) -> change.apply(new ServiceAccountBuilder(live)).build());
	}

	private ObjectRef account(String name) {
		return Objects.ref(ObjectKind.SERVICE_ACCOUNT, this.ns, name);
	}

	private ObjectRef service() {
		return Objects.ref(ObjectKind.SERVICE, this.ns, "web");
	}

	/** Objects that the inventory still has, and tombstones not worked off. */
	private long remains(String service) {
		return Set
			.of("inventory where service = :service",
					"tombstone where object_name = :service and worked_off_at is null")
			.stream()
			.mapToLong((rows) -> this.world.store.jdbc()
				.sql("select count(*) from " + rows)
				.param("service", service)
				.query(Long.class)
				.single())
			.max()
			.orElseThrow();
	}

}
