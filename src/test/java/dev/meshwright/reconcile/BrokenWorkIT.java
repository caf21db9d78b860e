package dev.meshwright.reconcile;

import java.time.Duration;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Condition.Type;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Declared;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What nobody foresaw stays with the unit that it meets: its status says so, what was
 * pushed is kept, the others go on, and it recovers by itself.
 */
class BrokenWorkIT {

	private World world;

	@BeforeEach
	void make() {
		this.world = new World(TestGateways.sandbox(), "shop");
		for (String service : new String[] { "api", "web", "zoo" }) {
			declare(service, 80);
		}
		this.world.settle();
		this.world.writes();
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	private void declare(String service, int port) {
		this.world.declare(service, Objects.account("shop", service), Objects.service("shop", service, port));
	}

	@Test
	void aUnitThatDoesNotCompileHoldsUpNoOther() {
		this.world.poison.add("web");
		declare("api", 81);
		declare("web", 81);
		declare("zoo", 81);
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.programmed("api").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.writes()).containsExactlyInAnyOrder("apply Service shop/api", "apply Service shop/zoo");
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.UNKNOWN);
		assertThat(this.world.condition("web", "east", Type.COMPILED).reason()).isEqualTo("InternalError");
		assertThat(this.world.condition("web", "east", Type.COMPILED).message()).contains("web", "tried again")
			.doesNotContain("poison", "Exception");
		assertThat(count("unit where worker is not null")).isZero();
		assertThat(count("unit where service = 'web' and cluster = 'east' and not_before > now()"))
			.as("later, not at once")
			.isEqualTo(1);
		this.world.poison.clear();
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.writes()).containsExactly("apply Service shop/web");
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, StackOverflowError.class })
	void aPushThatBreaksOffIsTriedAgainAndLeavesNothingForeign(Class<? extends Throwable> unforeseen) {
		this.world.gateway.after = (apply) -> {
			if (apply.ref().kind() == ObjectKind.VIRTUAL_SERVICE) {
				if (unforeseen == StackOverflowError.class) {
					throw new StackOverflowError("unforeseen");
				}
				throw new IllegalStateException("unforeseen");
			}
		};
		this.world.declare("web", Objects.account("shop", "web"), Objects.service("shop", "web", 81),
				Objects.route("shop", "web", "v1"));
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.UNKNOWN);
		assertThat(this.world.programmed("web").reason()).isEqualTo("InternalError");
		assertThat(this.world.programmed("web").message()).contains("VirtualService").doesNotContain("unforeseen");
		this.world.gateway.after = (apply) -> {
		};
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	@Test
	void aDamagedDeclarationTakesNothingAway() {
		this.world.store.jdbc()
			.sql("update resource set spec = '{\"ports\": 7}' where kind = 'Service' and name = 'web'")
			.update();
		Declared.commit(this.world.store, Declared.put(ResourceId.namespace("shop"), "{'owner': 'others'}"));
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.writes()).isEmpty();
		assertThat(count("tombstone")).isZero();
		assertThat(this.world.programmed("api").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.UNKNOWN);
		assertThat(this.world.programmed("web").message()).contains("Service/shop/web", "Declare it anew");
		declare("web", 81);
		this.world.settle();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	@Test
	void aReplyThatGotLostWhenAnObjectWasMadeAgainDoesNotMakeItForeign() {
		var ref = Objects.service("shop", "web", 80).ref();
		this.world.gateway.delete(ref, this.world.live(ref).uid(), null);
		this.world.gateway.after = (apply) -> {
			throw new ClusterFailure.Unavailable("connection reset");
		};
		this.world.rows.units().resyncAll();
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.programmed("web").reason()).isEqualTo("Unreachable");
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.UNKNOWN);
		this.world.gateway.after = (apply) -> {
		};
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
	}

	@Test
	void aSilentClusterTurnsWhatWasTrueIntoUnknown() {
		this.world.store.facts().unreachable("east", "no route to host");
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.UNKNOWN);
		assertThat(this.world.programmed("web").message()).contains("no route to host");
		assertThat(this.world.condition("web", "east", Type.READY).status()).isEqualTo(Status.UNKNOWN);
		this.world.store.facts().found("east", this.world.gateway.facts());
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	private long count(String what) {
		return this.world.store.jdbc().sql("select count(*) from " + what).query(Long.class).single();
	}

}
