package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.cluster.ClusterGateway;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.store.Change;
import dev.meshwright.store.Declared;
import dev.meshwright.store.Deletions.Pending;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Units.ClaimRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * More deletions than the cluster's safety allows are held, also when each of them
 * belongs to another unit and another replica.
 */
class MassDeletionIT {

	private static final int SERVICES = 10;

	private static final int MOST = 5;

	private static final Caller OPERATOR = Caller.system("operator");

	private final String ns = "mass-" + Long.toString(System.nanoTime(), 36);

	private World world;

	private void make(ClusterGateway gateway) {
		this.world = new World(gateway, this.ns);
		safety("{'maxDeletes': " + MOST + ", 'maxDeletePercent': 20}");
		IntStream.range(0, SERVICES).forEach((i) -> this.world.declare("web" + i, Objects.account(this.ns, "web" + i)));
		this.world.settle();
		this.world.writes();
	}

	private void safety(String safety) {
		Declared.commit(this.world.store, Declared.put(ResourceId.cluster(World.CLUSTER),
				"{'mesh': 'istio', 'connection': {'kubeconfig': {'name': 'real'}}, 'safety': " + safety + "}"));
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	/** One revision that deletes so many services. */
	private void undeclare(int services) {
		Declared.commit(this.world.store,
				IntStream.range(0, services)
					.<Change>mapToObj((i) -> Declared.delete(ResourceId.service(this.ns, "web" + i)))
					.toArray(Change[]::new));
	}

	/** Each unit on its own, by one replica or the other. */
	private void settleOneByOne() {
		for (int round = 0; round < 400; round++) {
			ClaimRequest one = new ClaimRequest("replica-" + round % 2, 1, Duration.ofSeconds(60), Compiler.VERSION,
					Set.of(), Set.of());
			List<Claim> claims = this.world.rows.units().expandAndClaim(one);
			this.world.work(claims);
			Duration soon = Duration.ofMillis(700);
			if (claims.isEmpty()) {
				Duration due = this.world.rows.units().untilDue(one, soon);
				if (due.compareTo(soon) >= 0) {
					return;
				}
				World.sleep(due);
			}
		}
		throw new IllegalStateException("does not settle");
	}

	@ParameterizedTest
	@ValueSource(ints = { MOST - 1, MOST })
	void upToTheLimitEverythingGoes(int services) {
		make(TestGateways.sandbox());
		undeclare(services);
		settleOneByOne();
		assertThat(this.world.writes()).hasSize(services).allMatch((write) -> write.startsWith("delete"));
	}

	/** What was let through says nothing of what comes later. */
	@Test
	void aLaterRevisionIsCountedThoughAnEarlierOneWasLetThroughJustNow() {
		make(TestGateways.sandbox());
		undeclare(MOST);
		this.world.settle();
		assertThat(this.world.writes()).hasSize(MOST);
		Declared.commit(this.world.store, Declared.delete(ResourceId.service(this.ns, "web" + MOST)));
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.programmed("web" + MOST).reason()).isEqualTo("Held");
	}

	@Test
	void oneMoreIsHeldWholeUntilExactlyThatIsReleased() {
		make(TestGateways.real());
		undeclare(MOST + 1);
		settleOneByOne();
		assertThat(this.world.writes()).as("not even the first ones went").isEmpty();
		assertThat(this.world.programmed("web0").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.programmed("web0").reason()).isEqualTo("Held");
		assertThat(this.world.programmed("web0").message()).contains("6 of 11 objects", "maxDeletes 5",
				"/held-deletes");
		Pending pending = this.world.rows.deletions().pending(World.CLUSTER);
		assertThat(pending.held()).isTrue();
		assertThat(pending.deletes()).isEqualTo(MOST + 1);
		assertThat(this.world.rows.deletions().doomed(World.CLUSTER, 100)).hasSize(MOST + 1)
			.first()
			.satisfies((doomed) -> assertThat(doomed.object()).isEqualTo("ServiceAccount " + this.ns + "/web0"));
		assertThat(release(pending.revision(), MOST)).as("another number").isEqualTo(MOST + 1);
		assertThat(release(pending.revision() - 1, MOST + 1)).as("an earlier revision").isZero();
		settleOneByOne();
		assertThat(this.world.writes()).isEmpty();
		assertThat(release(pending.revision(), MOST + 1)).isEqualTo(MOST + 1);
		settleOneByOne();
		assertThat(this.world.writes()).hasSize(MOST + 1);
		assertThat(this.world.store.auditLog().list(null, 1).getFirst().entry().target())
			.isEqualTo("Cluster/east: 6 deletions up to revision " + pending.revision());
	}

	@Test
	void whatIsDeclaredAgainIsNotDeletedAndFreesTheRest() {
		make(TestGateways.sandbox());
		undeclare(MOST + 1);
		settleOneByOne();
		this.world.declare("web0", Objects.account(this.ns, "web0"));
		settleOneByOne();
		this.world.waitIsOver();
		settleOneByOne();
		assertThat(this.world.writes()).hasSize(MOST).doesNotContain("delete ServiceAccount " + this.ns + "/web0");
	}

	@Test
	void smallSlicesInARowCountTogether() {
		make(TestGateways.sandbox());
		undeclare(MOST);
		settleOneByOne();
		this.world.writes();
		this.world.undeclare(ResourceId.service(this.ns, "web" + MOST));
		settleOneByOne();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.programmed("web" + MOST).reason()).isEqualTo("Held");
		// ten minutes later it is a small one again
		this.world.store.jdbc()
			.sql("update tombstone set worked_off_at = now() - interval '11 minutes'"
					+ " where worked_off_at is not null")
			.update();
		this.world.waitIsOver();
		settleOneByOne();
		assertThat(this.world.writes()).hasSize(1);
	}

	@Test
	void aUnitThatCannotBeCompiledCountsWithAllItHas() {
		make(TestGateways.sandbox());
		this.world.poison.add("web9");
		this.world.place(World.CLUSTER);
		settleOneByOne();
		assertThat(this.world.programmed("web9").reason()).isEqualTo("InternalError");
		this.world.writes();
		undeclare(MOST);
		settleOneByOne();
		assertThat(this.world.writes()).as("what it may still take away counts").isEmpty();
		assertThat(this.world.programmed("web0").reason()).isEqualTo("Held");
		this.world.undeclare(ResourceId.service(this.ns, "web9"));
		this.world.declare("web0", Objects.account(this.ns, "web0"));
		this.world.waitIsOver();
		settleOneByOne();
		assertThat(this.world.writes()).as("with one less there is room for it").hasSize(MOST - 1);
	}

	/** Truncated tables, row filters, a wrong schema: what is read is nothing. */
	@Test
	void anEmptyDesiredStateDeletesNothing() {
		make(TestGateways.sandbox());
		this.world.store.jdbc().sql("delete from resource where kind = 'Service'").update();
		this.world.rows.units().resyncAll();
		settleOneByOne();
		assertThat(this.world.writes()).isEmpty();
		assertThat(count("inventory where orphaned")).isEqualTo(SERVICES);
		assertThat(count("tombstone")).isZero();
	}

	/**
	 * The worst case: a revision concerns all units just when what is read is nothing.
	 */
	@Test
	void anEmptyDesiredStateUnderARevisionIsHeld() {
		make(TestGateways.sandbox());
		this.world.store.jdbc().sql("delete from resource where kind = 'Service'").update();
		this.world.place(World.CLUSTER);
		settleOneByOne();
		assertThat(this.world.writes()).noneMatch((write) -> write.startsWith("delete"));
		assertThat(this.world.rows.deletions().pending(World.CLUSTER).held()).isTrue();
	}

	@Test
	void whatIsLetGoCountsForNoLimit() {
		make(TestGateways.sandbox());
		safety("{'maxDeletes': 1, 'maxDeletePercent': 0}");
		Compilation.Push push = this.world.push;
		this.world.push = new Compilation.Push(push.beforeSwitch(), push.beforeBreak(), push.conflictPolicy(),
				DeletionPolicy.ORPHAN, push.driftPolicy());
		undeclare(3);
		settleOneByOne();
		assertThat(count("inventory where service <> ''")).isEqualTo(SERVICES - 3);
		assertThat(this.world.rows.deletions().pending(World.CLUSTER).recent()).isZero();
		this.world.push = push;
		this.world.undeclare(ResourceId.service(this.ns, "web3"));
		settleOneByOne();
		assertThat(this.world.writes()).containsExactly("delete ServiceAccount " + this.ns + "/web3");
	}

	/** It is never deleted, so it is not among what the limit is for. */
	@Test
	void aNamespaceThatGoesWithItsServicesCountsForNoLimit() {
		make(TestGateways.sandbox());
		safety("{'maxDeletes': " + SERVICES + ", 'maxDeletePercent': 0}");
		this.world.place();
		settleOneByOne();
		assertThat(this.world.writes()).filteredOn((write) -> write.startsWith("delete"))
			.hasSize(SERVICES)
			.allMatch((write) -> write.contains("ServiceAccount"));
		assertThat(count("inventory")).isZero();
	}

	@Test
	void aShareIsALimitToo() {
		make(TestGateways.sandbox());
		safety("{'maxDeletes': 0, 'maxDeletePercent': 20}");
		undeclare(2);
		settleOneByOne();
		assertThat(this.world.writes()).as("2 of 11 are 18 %").hasSize(2);
		this.world.undeclare(ResourceId.service(this.ns, "web2"));
		settleOneByOne();
		assertThat(this.world.writes()).as("3 of 11 are 27 %").isEmpty();
	}

	private int release(long revision, int deletes) {
		return this.world.rows.deletions().release(OPERATOR, World.CLUSTER, revision, deletes);
	}

	private long count(String what) {
		return this.world.store.jdbc().sql("select count(*) from " + what).query(Long.class).single();
	}

}
