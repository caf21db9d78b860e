package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What goes, what stays, and what comes back. */
class RemovalIT {

	private final ObjectRef account = Objects.account("shop", "web").ref();

	private World world;

	@BeforeEach
	void make() {
		this.world = new World(TestGateways.sandbox(), "shop");
		declare();
		this.world.settle();
		this.world.writes();
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	private void declare() {
		this.world.declare("web", Objects.account("shop", "web"), Objects.service("shop", "web", 80));
	}

	@Test
	void aDeleteThatIsRefusedIsTriedAgain() {
		this.world.gateway.beforeDelete = (ref) -> {
			throw new ClusterFailure.AdmissionDenied("not on Fridays");
		};
		this.world.undeclare(ResourceId.service("shop", "web"));
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.programmed("web").reason()).isEqualTo("AdmissionDenied");
		assertThat(this.world.programmed("web").message()).contains("not on Fridays", "Service shop/web");
		assertThat(count("inventory where service = 'web'")).isEqualTo(2);
		this.world.gateway.beforeDelete = (ref) -> {
		};
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.writes()).containsExactlyInAnyOrder("delete Service shop/web",
				"delete ServiceAccount shop/web");
		assertThat(this.world.rows.statuses().of(ResourceId.service("shop", "web"))).isEmpty();
	}

	@Test
	void whileTheClusterIsSilentTheTombstonesStay() {
		this.world.gateway.always = () -> {
			throw new ClusterFailure.Unavailable("no route to host");
		};
		this.world.undeclare(ResourceId.service("shop", "web"));
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.UNKNOWN);
		assertThat(count("inventory where service = 'web'")).isEqualTo(2);
		this.world.gateway.always = () -> {
		};
		this.world.waitIsOver();
		this.world.settle(Duration.ofSeconds(3));
		assertThat(this.world.gateway.get(this.account)).isEmpty();
		assertThat(count("tombstone where worked_off_at is null")).isZero();
		assertThat(this.world.rows.statuses().of(ResourceId.service("shop", "web"))).isEmpty();
	}

	@Test
	void aServiceThatMovesIsTakenAwayByTheRevisionThatMovesIt() {
		WatchedGateway west = this.world.cluster("west", TestGateways.sandbox());
		this.world.settle();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		this.world.place("west");
		this.world.settle();
		assertThat(west.get(this.account)).isPresent();
		assertThat(this.world.gateway.get(this.account)).isEmpty();
		assertThat(count("tombstone t join revision r using (revision) where worked_off_at is null")).isZero();
		assertThat(count("tombstone t join revision r using (revision)")).isEqualTo(count("tombstone"));
	}

	@Test
	void nothingIsLetGoWhenNoRevisionTookTheClusterAway() {
		long known = count("inventory");
		for (String statement : List.of("create table kept as table resource", "delete from resource",
				"update unit set resync = true")) {
			this.world.store.jdbc().sql(statement).update();
		}
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.writes()).isEmpty();
		assertThat(count("inventory")).isEqualTo(known);
		assertThat(count("tombstone")).isZero();
		this.world.store.jdbc().sql("insert into resource select * from kept").update();
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
	}

	@Test
	void theObjectsOfADeletedClusterStayAndAreKnownAgainWhenItComesBack() {
		String uid = this.world.live(this.account).uid();
		this.world.undeclare(ResourceId.cluster("east"));
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.live(this.account).uid()).isEqualTo(uid);
		assertThat(count("inventory")).isZero();
		assertThat(count("unit where cluster = 'east'")).isZero();
		assertThat(count("terminating")).isZero();
		this.world.cluster("east", this.world.gateway);
		this.world.settle();
		assertThat(this.world.writes()).noneMatch((write) -> write.startsWith("delete"));
		assertThat(this.world.live(this.account).uid()).isEqualTo(uid);
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
	}

	@Test
	void whatWasLetGoIsKnownAgainAndNoFenceIsUsedTwice() {
		long before = fence();
		this.world.push = new Compilation.Push(Duration.ZERO, Duration.ZERO, ConflictPolicy.REFUSE,
				DeletionPolicy.ORPHAN, DriftPolicy.HEAL);
		this.world.undeclare(ResourceId.service("shop", "web"));
		this.world.settle();
		assertThat(this.world.gateway.get(this.account)).isPresent();
		assertThat(count("unit where service = 'web'")).isZero();
		String uid = this.world.live(this.account).uid();
		declare();
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
		assertThat(this.world.live(this.account).uid()).isEqualTo(uid);
		assertThat(fence()).isGreaterThan(before);
		assertThat(this.world.live(this.account).annotation("meshwright.dev/fence"))
			.hasValueSatisfying((fence) -> assertThat(Long.parseLong(fence)).isGreaterThan(before));
	}

	@Test
	void whatWasLetGoAndCameBackIsDeletedByALaterRevisionEvenIfItHasToWait() {
		Compilation.Push push = this.world.push;
		this.world.push = new Compilation.Push(Duration.ZERO, Duration.ZERO, ConflictPolicy.REFUSE,
				DeletionPolicy.ORPHAN, DriftPolicy.HEAL);
		this.world.undeclare(ResourceId.service("shop", "web"));
		this.world.settle();
		this.world.push = push;
		declare();
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
		this.world.gateway.beforeDelete = (ref) -> {
			throw new ClusterFailure.Unavailable("not now");
		};
		this.world.undeclare(ResourceId.service("shop", "web"));
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.gateway.get(this.account)).isPresent();
		this.world.gateway.beforeDelete = (ref) -> {
		};
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.gateway.get(this.account)).isEmpty();
		assertThat(this.world.rows.statuses().of(ResourceId.service("shop", "web"))).isEmpty();
	}

	@Test
	void errorsKeepWhatWasPushedUntilTheServiceIsGone() {
		this.world.wanted.put("web", List.of());
		this.world.poison.add("web");
		this.world.undeclare(ResourceId.service("shop", "web"));
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.writes()).isEmpty();
		this.world.poison.clear();
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.writes()).hasSize(2).allMatch((write) -> write.startsWith("delete"));
	}

	private long fence() {
		return this.world.store.jdbc()
			.sql("select fence from unit where cluster = 'east' and service = 'web'")
			.query(Long.class)
			.single();
	}

	private long count(String what) {
		return this.world.store.jdbc().sql("select count(*) from " + what).query(Long.class).single();
	}

}
