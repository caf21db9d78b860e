package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import dev.meshwright.cluster.Apply;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A push that follows an applied plan takes away and takes over what the plan says. */
class PlanLimitIT {

	private final Manifest account = Objects.account("shop", "web");

	private final Manifest service = Objects.service("shop", "web", 80);

	private World world;

	@BeforeEach
	void make() {
		this.world = new World(TestGateways.sandbox(), "shop");
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	/** As if the newest revision had been committed by applying a plan. */
	private void applied(String removals, String takeovers) {
		this.world.store.jdbc()
			.sql("""
					insert into unit_plan (cluster, namespace, service, plan, revision, removals, takeovers)
					select 'east', 'shop', 'web', :plan, revision, :removals::jsonb, :takeovers::jsonb
					from revision_head""")
			.param("plan", UUID.randomUUID())
			.param("removals", removals)
			.param("takeovers", takeovers)
			.update();
	}

	private boolean isLive(ObjectRef ref) {
		return this.world.gateway.get(ref).isPresent();
	}

	@Test
	void whatThePlanTakesAwayGoes() {
		this.world.declare("web", this.account, this.service);
		this.world.settle();
		this.world.declare("web", this.account);
		applied("[[\"Service\", \"shop\", \"web\"]]", "[]");
		this.world.settle();
		assertThat(isLive(this.service.ref())).isFalse();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
	}

	@Test
	void whatItDoesNotTakeAwayIsHeldUntilALaterRevision() {
		this.world.declare("web", this.account, this.service);
		this.world.settle();
		this.world.declare("web", this.account);
		applied("[]", "[]");
		this.world.settle();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(isLive(this.service.ref())).isTrue();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.programmed("web").reason()).isEqualTo("Held");
		assertThat(this.world.programmed("web").message()).contains("Service shop/web", "plan");
		this.world.declare("web", this.account);
		this.world.settle();
		assertThat(isLive(this.service.ref())).isFalse();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
	}

	@Test
	void whatItDoesNotTakeOverIsHeld() {
		this.world.push = new Compilation.Push(Duration.ZERO, Duration.ZERO, ConflictPolicy.TAKE_OVER,
				DeletionPolicy.DELETE, DriftPolicy.HEAL);
		this.world.settle();
		this.world.gateway.apply(new Apply(this.account.ref(), body(), null, null, false, "rival"));
		this.world.declare("web", this.account);
		applied("[]", "[]");
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.programmed("web").reason()).isEqualTo("Held");
		assertThat(this.world.live(this.account.ref()).label(Stamps.MANAGED_BY)).isEmpty();
		this.world.store.jdbc().sql("delete from unit_plan").update();
		applied("[]", "[[\"ServiceAccount\", \"shop\", \"web\"]]");
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
		assertThat(this.world.live(this.account.ref()).label(Stamps.MANAGED_BY)).contains(Stamps.MESHWRIGHT);
	}

	private static Map<String, Object> body() {
		return Map.of("apiVersion", "v1", "kind", "ServiceAccount", "metadata",
				Map.of("namespace", "shop", "name", "web"));
	}

}
