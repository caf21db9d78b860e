package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;

import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.InstallationStamp;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Halts;
import dev.meshwright.store.Halts.Finding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing is written or deleted where database and cluster do not fit together, on the
 * real API server, until what was found is released.
 */
class IdentityIT {

	private static final Caller OPERATOR = Caller.system("operator");

	private final String ns = "identity-" + Long.toString(System.nanoTime(), 36);

	private final ClusterGateway cluster = TestGateways.real();

	private World world;

	@BeforeEach
	void make() {
		this.world = new World(this.cluster, this.ns);
		declare(this.world);
		this.world.settle();
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	private void declare(World in) {
		in.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 80));
	}

	@Test
	void theStampFollowsWhatWasPushedAndIsNotWrittenWithoutNeed() {
		assertThat(this.world.writes()).hasSize(3);
		long pushed = this.world.store.installation().revision();
		assertThat(stamp().installation()).isEqualTo(this.world.store.installation().id());
		assertThat(stamp().revision()).isZero();
		this.world.access.behind().forEach(this.world.access::raiseStamp);
		assertThat(stamp().revision()).isEqualTo(pushed);
		String version = stamp().resourceVersion();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.access.behind()).isEmpty();
		assertThat(stamp().resourceVersion()).isEqualTo(version);
	}

	@Test
	void anEmptyDatabaseMeetsAStrangersClusterAndTouchesNothing() {
		this.world.writes();
		try (World empty = new World(TestGateways.beside(this.cluster), this.ns)) {
			declare(empty);
			empty.settle(Duration.ofMillis(10));
			assertThat(empty.writes()).isEmpty();
			halted(empty, "ForeignInstallation");
			empty.undeclare(ResourceId.service(this.ns, "web"));
			empty.waitIsOver();
			empty.settle(Duration.ofMillis(10));
			assertThat(empty.writes()).isEmpty();
			Finding found = halt(empty).finding();
			assertThat(found.installation()).isEqualTo(this.world.store.installation().id());
			release(empty, found);
			declare(empty);
			empty.waitIsOver();
			empty.settle();
			assertThat(stamp().installation()).isEqualTo(empty.store.installation().id());
			assertThat(empty.programmed("web").reason()).as("released, but not the objects of the other")
				.isEqualTo("Conflict");
		}
		// the one that was pushing here notices it, too
		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 81));
		this.world.settle();
		this.world.access.behind().forEach(this.world.access::raiseStamp);
		this.world.writes();
		declare(this.world);
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.writes()).isEmpty();
		halted(this.world, "ForeignInstallation");
	}

	@Test
	void anOlderDatabaseIsHaltedUntilWhatItLacksIsGivenUp() {
		this.world.declare("late", Objects.account(this.ns, "late"));
		this.world.settle();
		this.world.access.behind().forEach(this.world.access::raiseStamp);
		long lost = stamp().revision();
		// as restored from a backup: an earlier head, earlier fences, no late service
		this.world.store.jdbc().sql("delete from resource where name = 'late'").update();
		this.world.store.jdbc().sql("delete from inventory where service = 'late'").update();
		this.world.store.jdbc().sql("delete from unit where service = 'late'").update();
		for (String table : List.of("changed_key", "resource_change", "revision")) {
			this.world.store.jdbc().sql("delete from " + table + " where revision = " + lost).update();
		}
		this.world.store.jdbc().sql("update unit set fence = 0, worker = null, lease_until = null").update();
		this.world.store.jdbc().sql("update revision_head set revision = revision - 1").update();
		this.world.store.jdbc().sql("update expansion set revision = revision - 1").update();
		this.world.writes();
		this.world.store.jdbc().sql("update unit set resync = true").update();
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.writes()).as("the process that pushed the lost revision notices at once").isEmpty();
		halted(this.world, "OlderDatabase");
		this.world.forgetClusters();
		this.world.waitIsOver();
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.writes()).as("so does a process that starts on it").isEmpty();
		Finding found = halt(this.world).finding();
		assertThat(found.revision()).isEqualTo(lost);
		assertThat(this.world.store.halts()
			.release(OPERATOR, World.CLUSTER, new Finding(found.clusterUid(), found.installation(), lost - 1)))
			.as("what is released is what was found")
			.isFalse();
		release(this.world, found);
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.store.halts().of(List.of(World.CLUSTER))).isEmpty();
		assertThat(this.world.programmed("web").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.live(Objects.account(this.ns, "late").ref())).as("nothing was deleted").isNotNull();
		this.world.declare("web", Objects.account(this.ns, "web"), Objects.service(this.ns, "web", 82));
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).as("its fences are above those seen there")
			.isEqualTo("Programmed");
	}

	@Test
	void anotherClusterBehindTheConnectionGetsNothingUntilItIsConfirmed() {
		this.world.writes();
		this.world.store.jdbc().sql("update cluster_facts set cluster_uid = 'the-one-before'").update();
		this.world.forgetClusters();
		declare(this.world);
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.writes()).isEmpty();
		halted(this.world, "WrongCluster");
		release(this.world, halt(this.world).finding());
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
	}

	/**
	 * The connection stays as it is, and what answers there is somebody else's by now.
	 */
	@Test
	void whatAnswersIsAskedAgainBeforeSomethingIsMade() throws InterruptedException {
		this.world.writes();
		InstallationStamp ours = stamp();
		this.cluster.stamp("somebody-else", ours.revision(), ours.fence(), ours.resourceVersion());
		// an answer counts for a second
		Thread.sleep(1100);
		this.world.declare("late", Objects.account(this.ns, "late"));
		this.world.settle(Duration.ofMillis(10));
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.cluster.get(Objects.account(this.ns, "late").ref())).isEmpty();
		assertThat(halt(this.world).reason().toString()).isEqualTo("ForeignInstallation");
	}

	private void halted(World in, String reason) {
		Condition programmed = in.programmed("web");
		assertThat(programmed.status()).isEqualTo(Status.UNKNOWN);
		assertThat(programmed.reason()).isEqualTo(reason);
		assertThat(programmed.message()).contains("POST /api/v1/clusters/east/adopt");
		assertThat(halt(in).reason().toString()).isEqualTo(reason);
	}

	private static Halts.Halt halt(World in) {
		return in.store.halts().of(List.of(World.CLUSTER)).get(World.CLUSTER);
	}

	private static void release(World in, Finding found) {
		assertThat(in.store.halts().release(OPERATOR, World.CLUSTER, found)).isTrue();
		assertThat(in.store.auditLog().list(null, 1).getFirst().entry().target()).isEqualTo("Cluster/east");
	}

	private InstallationStamp stamp() {
		return this.cluster.stamp().orElseThrow();
	}

}
