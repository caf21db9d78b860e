package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.function.UnaryOperator;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The phases of a push, on the sandbox, with every wait a row. */
class PhasesIT {

	private static final String ROUTE = "VirtualService.networking.istio.io shop/webapp";

	private static final String RULE = "DestinationRule.networking.istio.io shop/webapp";

	private World world;

	@BeforeEach
	void make() {
		this.world = new World(TestGateways.sandbox(), "shop");
		this.world.push = new Compilation.Push(Duration.ofMinutes(1), Duration.ofMinutes(2), ConflictPolicy.REFUSE,
				DeletionPolicy.DELETE, DriftPolicy.HEAL);
		this.world.declare("webapp", Objects.account("shop", "webapp"), Objects.service("shop", "webapp", 80),
				Objects.subsets("shop", "webapp", "v1"), Objects.route("shop", "webapp", "v1"));
		this.world.settle();
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	@Test
	void theFirstPushWaitsForNothing() {
		assertThat(this.world.writes()).startsWith("apply Namespace shop", "apply ServiceAccount shop/webapp")
			.endsWith("apply " + ROUTE)
			.hasSize(5);
		assertThat(this.world.programmed("webapp").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Programmed");
	}

	@Test
	void aResyncOfWhatIsRightWritesNothing() {
		this.world.writes();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
	}

	@Test
	void makesThenSwitchesThenBreaks() {
		this.world.writes();
		this.world.declare("webapp", Objects.account("shop", "webapp"), Objects.service("shop", "webapp", 80),
				Objects.subsets("shop", "webapp", "v2"), Objects.route("shop", "webapp", "v2"));
		this.world.settle();
		assertThat(this.world.writes()).containsExactly("apply " + RULE);
		assertThat(this.world.live(Objects.subsets("shop", "webapp").ref()).body().toString()).contains("name=v1",
				"name=v2");
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("WaitingToSwitch");
		later("made_at");
		assertThat(this.world.writes()).containsExactly("apply " + ROUTE);
		assertThat(this.world.programmed("webapp").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Settling");
		later("switched_at");
		assertThat(this.world.writes()).containsExactly("apply " + RULE);
		assertThat(this.world.live(Objects.subsets("shop", "webapp").ref()).body().toString()).doesNotContain("name=v1")
			.contains("name=v2");
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Programmed");
	}

	@Test
	void aRouteAloneSwitchesAtOnce() {
		this.world.declare("webapp", Objects.account("shop", "webapp"), Objects.service("shop", "webapp", 80),
				Objects.subsets("shop", "webapp", "v1"), Objects.route("shop", "webapp", "v1"),
				Objects.subsets("shop", "other", "v1"));
		this.world.settle();
		later("made_at");
		this.world.writes();
		this.world.declare("webapp", Objects.account("shop", "webapp"), Objects.service("shop", "webapp", 80),
				Objects.subsets("shop", "webapp", "v1"), Objects.route("shop", "webapp", "v3"),
				Objects.subsets("shop", "other", "v1"));
		this.world.settle();
		assertThat(this.world.writes()).containsExactly("apply " + ROUTE);
	}

	@Test
	void aFirstSwitchThatCameOffInPartWaitsForNothingWhenItIsTriedAgain() {
		ObjectRef deployment = Objects.ref(ObjectKind.DEPLOYMENT, "shop", "cart-v1");
		Manifest[] cart = { Objects.route("shop", "cart", "v1", deployment),
				Objects.route("shop", "cart-gateway", "v1", deployment) };
		this.world.gateway.before = (apply) -> {
			if (apply.ref().name().equals("cart-gateway")) {
				throw new ClusterFailure.AdmissionDenied("not yet");
			}
			return apply;
		};
		this.world.declare("cart", cart);
		this.world.settle();
		assertThat(this.world.programmed("cart").reason()).isEqualTo("AdmissionDenied");

		this.world.gateway.before = UnaryOperator.identity();
		this.world.declare("cart", cart);
		this.world.settle();
		assertThat(this.world.programmed("cart").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.live(cart[1].ref())).isNotNull();
	}

	@Test
	void aDeletedServiceGoesRoutesFirstAndAccountLastAndIsForgotten() {
		this.world.writes();
		this.world.undeclare(ResourceId.service("shop", "webapp"));
		this.world.settle();
		assertThat(this.world.writes()).startsWith("delete " + ROUTE)
			.endsWith("delete ServiceAccount shop/webapp")
			.hasSize(4);
		assertThat(this.world.rows.statuses().of(ResourceId.service("shop", "webapp"))).isEmpty();
		assertThat(count("terminating")).isZero();
		assertThat(count("tombstone where worked_off_at is null")).isZero();
		assertThat(count("tombstone")).isEqualTo(4);
	}

	@Test
	void aDeletedNamespaceLosesOnlyOurFields() {
		this.world.undeclare(ResourceId.service("shop", "webapp"));
		this.world.settle();
		this.world.undeclare(ResourceId.namespace("shop"));
		this.world.settle();
		assertThat(this.world.live(Objects.ref(ObjectKind.NAMESPACE, "", "shop")).label(Stamps.MANAGED_BY)).isEmpty();
		assertThat(count("unit")).isZero();
		assertThat(count("unit_read")).isZero();
		assertThat(count("inventory")).isZero();
	}

	@Test
	void whatVanishesWithoutARevisionIsKeptAndReported() {
		this.world.writes();
		this.world.wanted.put("webapp", java.util.List.of(Objects.account("shop", "webapp")));
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Orphaned");
		assertThat(this.world.programmed("webapp").message()).contains(ROUTE);
	}

	@Test
	void deletionPolicyOrphanForgetsWithoutACall() {
		this.world.push = new Compilation.Push(Duration.ZERO, Duration.ZERO, ConflictPolicy.REFUSE,
				DeletionPolicy.ORPHAN, DriftPolicy.HEAL);
		this.world.writes();
		this.world.undeclare(ResourceId.service("shop", "webapp"));
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(count("inventory where service = 'webapp'")).isZero();
	}

	/** Lets a settle time pass and continues. */
	private void later(String since) {
		this.world.store.jdbc().sql("update unit set " + since + " = " + since + " - interval '1 hour'").update();
		this.world.waitIsOver();
		this.world.settle();
	}

	private long count(String what) {
		return this.world.store.jdbc().sql("select count(*) from " + what).query(Long.class).single();
	}

}
