package dev.meshwright.reconcile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.SyncGate;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.ClusterObjects.ClusterObject;
import dev.meshwright.store.ClusterObjects.Query;
import dev.meshwright.store.Declared;
import dev.meshwright.store.Orphans.Fate;
import dev.meshwright.store.Orphans.Mismatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator decides about orphans on a real API server, and nothing else, is done.
 */
class OrphansIT {

	private static final Caller OPERATOR = Caller.system("operator");

	private World world;

	private String ns;

	private Manifest account;

	private Manifest service;

	private Manifest other;

	/**
	 * Of "web" only one service is left, though no revision says so; "api" is as it was.
	 */
	@BeforeEach
	void make() {
		this.ns = RealApiServer.get().freshName();
		this.account = Objects.account(this.ns, "web");
		this.service = Objects.service(this.ns, "web", 80);
		this.other = Objects.service(this.ns, "web-gone", 80);
		this.world = new World(TestGateways.real(), this.ns);
		this.world.declare("web", this.account, this.service, this.other);
		this.world.declare("api", Objects.account(this.ns, "api"));
		this.world.settle();
		orphan();
		this.world.writes();
	}

	private void orphan() {
		this.world.wanted.put("web", List.of(this.service));
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(orphaned()).containsExactly(this.other.ref().toString(), this.account.ref().toString());
		assertThat(this.world.programmed("web").reason()).isEqualTo("Orphaned");
		assertThat(this.world.meters().get("meshwright.orphaned.objects").tag("cluster", World.CLUSTER).gauge().value())
			.isEqualTo(2);
	}

	@AfterEach
	void close() {
		if (this.world != null) {
			this.world.close();
		}
	}

	private List<ClusterObject> objects(boolean orphaned) {
		return this.world.rows.objects()
			.list(OPERATOR, new Query(World.CLUSTER, null, this.ns, orphaned, false, 100, null))
			.items();
	}

	private List<String> orphaned() {
		return objects(true).stream().map((object) -> object.ref().toString()).toList();
	}

	private String uid(ObjectRef ref) {
		return this.world.live(ref).uid();
	}

	private Map<ObjectRef, Mismatch> release(Fate fate, ObjectRef... refs) {
		Map<ObjectRef, String> objects = new LinkedHashMap<>();
		for (ObjectRef ref : refs) {
			objects.put(ref, uid(ref));
		}
		return this.world.rows.orphans().release(OPERATOR, World.CLUSTER, objects, fate, "nobody needs it");
	}

	@Test
	void whatIsReleasedIsDeletedAndNothingElseIsTouched() {
		String uid = uid(this.account.ref());
		String kept = this.world.live(this.other.ref()).resourceVersion();
		assertThat(release(Fate.DELETE, this.account.ref())).isEmpty();
		assertThat(orphaned()).containsExactly(this.other.ref().toString());
		assertThat(objects(false)).filteredOn(ClusterObject::deleting)
			.extracting(ClusterObject::ref)
			.containsExactly(this.account.ref());
		this.world.settle();
		assertThat(this.world.writes()).containsExactly("delete " + this.account.ref());
		assertThat(this.world.gateway.get(this.account.ref())).isEmpty();
		assertThat(this.world.live(this.other.ref()).resourceVersion()).isEqualTo(kept);
		assertThat(this.world.gateway.get(this.service.ref())).isPresent();
		assertThat(this.world.programmed("web").message()).contains(this.other.ref().toString())
			.doesNotContain(this.account.ref().toString());
		AuditLog.Entry entry = this.world.store.auditLog().list(null, 1).getFirst().entry();
		assertThat(entry.actor()).isEqualTo("system:operator");
		assertThat(entry.target())
			.isEqualTo("Cluster/east: " + this.account.ref() + " (" + uid + ") is deleted, because nobody needs it");
		assertThat(release(Fate.DELETE, this.other.ref())).isEmpty();
		this.world.settle();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
	}

	@Test
	void whatIsForgottenStaysAndIsNobodys() {
		String version = this.world.live(this.account.ref()).resourceVersion();
		assertThat(release(Fate.FORGET, this.account.ref())).isEmpty();
		this.world.settle();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.live(this.account.ref()).resourceVersion()).isEqualTo(version);
		assertThat(objects(false)).extracting(ClusterObject::ref).doesNotContain(this.account.ref());
		assertThat(orphaned()).containsExactly(this.other.ref().toString());
		assertThat(this.world.store.auditLog().list(null, 1).getFirst().entry().target()).contains("is forgotten");
		this.world.declare("web", this.account, this.service);
		this.world.settle(java.time.Duration.ofMillis(10));
		assertThat(this.world.programmed("web").reason()).as("it is taken over by nobody's word").isEqualTo("Conflict");
		assertThat(this.world.live(this.account.ref()).resourceVersion()).isEqualTo(version);
	}

	@Test
	void whatIsNotWhatWasNamedIsSaidAndNothingIsReleased() {
		Map<ObjectRef, String> objects = new LinkedHashMap<>();
		objects.put(this.other.ref(), uid(this.other.ref()));
		objects.put(this.account.ref(), "another");
		objects.put(this.service.ref(), uid(this.service.ref()));
		ObjectRef none = Objects.account(this.ns, "none").ref();
		objects.put(none, "any");
		for (Fate fate : Fate.values()) {
			assertThat(this.world.rows.orphans().release(OPERATOR, World.CLUSTER, objects, fate, "because"))
				.containsExactly(Map.entry(this.account.ref(), Mismatch.OTHER_UID),
						Map.entry(this.service.ref(), Mismatch.NOT_ORPHANED), Map.entry(none, Mismatch.NOT_KEPT));
		}
		assertThat(this.world.rows.orphans().release(OPERATOR, "west", objects, Fate.FORGET, "because")).hasSize(4)
			.containsValue(Mismatch.NOT_KEPT);
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(orphaned()).hasSize(2);
		assertThat(release(Fate.DELETE, this.account.ref())).isEmpty();
		assertThat(release(Fate.DELETE, this.account.ref()).values()).as("it is on its way out")
			.containsExactly(Mismatch.NOT_ORPHANED);
	}

	@Test
	void whatIsDeclaredAgainBeforeItGoesStays() {
		assertThat(release(Fate.DELETE, this.account.ref())).isEmpty();
		this.world.declare("web", this.account, this.service);
		this.world.settle();
		assertThat(this.world.writes()).doesNotContain("delete " + this.account.ref());
		assertThat(this.world.gateway.get(this.account.ref())).isPresent();
		assertThat(orphaned()).containsExactly(this.other.ref().toString());
	}

	/** A worker has looked at what is orphaned, and has not said so yet. */
	@Test
	void aWorkerThatLookedBeforeDoesNotTakeItBack() {
		AtomicBoolean once = new AtomicBoolean();
		this.world.rows.units().resyncAll();
		this.world.gateway.always = () -> {
			if (once.compareAndSet(false, true)) {
				this.world.gateway.always = () -> {
				};
				assertThat(release(Fate.DELETE, this.account.ref())).isEmpty();
				assertThat(release(Fate.FORGET, this.other.ref())).isEmpty();
			}
		};
		this.world.settle();
		assertThat(once).isTrue();
		assertThat(orphaned()).isEmpty();
		assertThat(this.world.gateway.get(this.account.ref())).isEmpty();
		assertThat(this.world.gateway.get(this.other.ref())).isPresent();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Programmed");
	}

	@Test
	void itCountsForNoLimit() {
		Declared.commit(this.world.store,
				Declared.put(ResourceId.cluster(World.CLUSTER), "{'mesh': 'istio', 'connection': {'kubeconfig': "
						+ "{'name': 'real'}}, 'safety': {'maxDeletes': 1, 'maxDeletePercent': 1}}"));
		this.world.settle();
		orphan();
		assertThat(release(Fate.DELETE, this.account.ref(), this.other.ref())).isEmpty();
		assertThat(this.world.rows.deletions().pending(World.CLUSTER).deletes()).isZero();
		this.world.settle();
		assertThat(this.world.gateway.get(this.account.ref())).isEmpty();
		assertThat(this.world.gateway.get(this.other.ref())).isEmpty();
		assertThat(this.world.rows.deletions().pending(World.CLUSTER).recent()).isZero();
		assertThat(this.world.store.jdbc()
			.sql("select string_agg(distinct released_by, ',') from tombstone")
			.query(String.class)
			.single()).isEqualTo("system:operator");
	}

	@Test
	void aPauseHoldsItBackAndANamespaceThatKeepsItsObjectsLetsItGo() {
		Compilation.Push push = this.world.push;
		this.world.push = new Compilation.Push(push.beforeSwitch(), push.beforeBreak(), push.conflictPolicy(),
				push.deletionPolicy(), push.driftPolicy(), new SyncGate(List.of("Namespace " + this.ns), List.of()));
		assertThat(release(Fate.DELETE, this.account.ref())).isEmpty();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.programmed("web").reason()).isEqualTo("Paused");
		assertThat(objects(false)).filteredOn(ClusterObject::deleting).hasSize(1);
		this.world.push = new Compilation.Push(push.beforeSwitch(), push.beforeBreak(), ConflictPolicy.REFUSE,
				DeletionPolicy.ORPHAN, DriftPolicy.HEAL);
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.gateway.get(this.account.ref())).isPresent();
		assertThat(objects(false)).extracting(ClusterObject::ref).doesNotContain(this.account.ref());
		this.world.push = push;
		assertThat(release(Fate.DELETE, this.other.ref())).isEmpty();
		this.world.settle();
		assertThat(this.world.writes()).containsExactly("delete " + this.other.ref());
	}

	/** It was let go by a revision, declared again, and orphaned then. */
	@Test
	void aTombstoneOfAFormerTimeIsOpenedAgain() {
		Compilation.Push push = this.world.push;
		this.world.push = new Compilation.Push(push.beforeSwitch(), push.beforeBreak(), ConflictPolicy.REFUSE,
				DeletionPolicy.ORPHAN, DriftPolicy.HEAL);
		this.world.declare("web", this.service);
		this.world.undeclare(ResourceId.service(this.ns, "api"));
		this.world.settle();
		ObjectRef api = Objects.account(this.ns, "api").ref();
		String uid = uid(api);
		this.world.push = push;
		this.world.declare("api", Objects.account(this.ns, "api"), Objects.service(this.ns, "api", 80));
		this.world.settle();
		assertThat(uid(api)).as("known by its uid").isEqualTo(uid);
		this.world.wanted.put("api", List.of(Objects.service(this.ns, "api", 80)));
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(release(Fate.DELETE, api)).isEmpty();
		this.world.settle();
		assertThat(this.world.gateway.get(api)).isEmpty();
	}

}
