package dev.meshwright.reconcile;

import java.time.Duration;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Condition.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Another controller that sets our field back, again and again, on a real API server. */
class FightIT {

	private World world;

	private KubernetesClient others;

	private String ns;

	@BeforeEach
	void make() {
		RealApiServer server = RealApiServer.get();
		this.others = server.client();
		this.ns = server.freshName();
		this.world = new World(TestGateways.real(), this.ns);
		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 80));
		this.world.settle();
		this.world.writes();
	}

	@AfterEach
	void close() {
		if (this.world != null) {
			this.world.close();
		}
	}

	@Test
	void isHealedOnceThenFoughtLessAndLessAndEndsWhenTheOtherStops() {
		round();
		assertThat(this.world.writes()).hasSize(1);
		assertThat(this.world.programmed("web").status()).as("drift is healed").isEqualTo(Status.TRUE);
		assertThat(healed()).isOne();
		assertThat(fights()).isZero();

		age(Duration.ofMinutes(10));
		round();
		assertThat(this.world.writes()).hasSize(1);
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.FALSE);
		assertThat(this.world.programmed("web").reason()).isEqualTo("Fighting");
		assertThat(this.world.programmed("web").message()).contains("rival", ".spec.selector", "Service " + this.ns);

		assertThat(healed()).isEqualTo(2);
		assertThat(fights()).isOne();

		age(Duration.ofHours(-1));
		round();
		assertThat(this.world.writes()).as("not before the step is over").isEmpty();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Fighting");
		assertThat(healed()).isEqualTo(2);

		age(Duration.ofHours(2));
		round();
		assertThat(this.world.writes()).hasSize(1);
		assertThat(this.world.programmed("web").reason()).isEqualTo("Fighting");

		age(Duration.ofHours(-1));
		look();
		assertThat(this.world.programmed("web").reason()).as("the other one may not have answered yet")
			.isEqualTo("Fighting");
		assertThat(this.world.programmed("web").message()).contains("leave it alone since our last write");
		assertThat(forced()).isEqualTo(3);

		age(Duration.ofHours(2));
		look();
		look();
		assertThat(this.world.programmed("web").reason()).as("the other one has stopped").isEqualTo("Programmed");
		assertThat(forced()).isZero();
		assertThat(this.world.writes()).isEmpty();
		assertThat(fights()).isZero();
		assertThat(healed()).as("nothing else counts").isEqualTo(3);
		assertThat(this.world.gateway.get(Objects.account(this.ns, "web").ref())).isPresent();
	}

	private double healed() {
		return this.world.meters().get("meshwright.drift.healed").tag("cluster", World.CLUSTER).counter().count();
	}

	private double fights() {
		return this.world.meters().get("meshwright.drift.fights").tag("cluster", World.CLUSTER).gauge().value();
	}

	/** The rival sets the field, and we look. */
	private void round() {
		this.others.services()
			.inNamespace(this.ns)
			.withName("web")
			.patch(new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
				.withFieldManager("rival")
				.withForce(true)
				.build(),
					"apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
							+ "spec: {selector: {app.kubernetes.io/name: rival}}");
		look();
	}

	private void look() {
		this.world.rows.units().resyncAll();
		this.world.waitIsOver();
		this.world.settle(Duration.ofMillis(10));
	}

	private int forced() {
		return this.world.store.jdbc()
			.sql("select coalesce(max(forced), 0) from inventory")
			.query(Integer.class)
			.single();
	}

	private void age(Duration time) {
		this.world.store.jdbc()
			.sql("update inventory set forced_at = forced_at - make_interval(secs => :seconds)")
			.param("seconds", time.toSeconds())
			.update();
	}

}
