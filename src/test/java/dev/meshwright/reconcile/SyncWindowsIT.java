package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.SyncGate;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.model.namespace.SyncWindow;
import dev.meshwright.store.Change;
import dev.meshwright.store.Declared;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What closed windows and pauses keep back, what passes, and what comes afterwards. */
class SyncWindowsIT {

	private static final String DRILL = "{'target': {'service': 'webapp'}, 'change': {'evacuate': {'version': 'v1'}},"
			+ " 'reason': 'drill'}";

	private static final SyncGate PAUSED = new SyncGate(List.of("Namespace shop"), List.of());

	private static final ResourceId WEBAPP = ResourceId.service("shop", "webapp");

	private static final ObjectRef SERVICE = Objects.ref(ObjectKind.SERVICE, "shop", "webapp");

	private World world;

	@BeforeEach
	void make() {
		this.world = new World(TestGateways.sandbox(), "shop");
		gate(SyncGate.OPEN);
		declare("v1", 80);
		this.world.settle();
		this.world.writes();
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	@Test
	void aChangeWaitsUntilTheWindowOpensByARow() {
		SyncGate gate = opensInAnHour(false);
		gate(gate);
		declare("v1", 81);
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		Condition programmed = this.world.programmed("webapp");
		assertThat(programmed.status()).isEqualTo(Status.FALSE);
		assertThat(programmed.reason()).isEqualTo("SyncWindowClosed");
		Instant until = gate.at(Instant.now()).orElseThrow().until().orElseThrow();
		assertThat(programmed.message()).contains("kind allow", until.toString());
		assertThat(count("unit where service = 'webapp' and cluster <> '' and continues and not_before between '"
				+ until + "' and cast('" + until + "' as timestamptz) + interval '30 seconds'"))
			.isOne();

		gate(SyncGate.OPEN);
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.writes()).containsExactly("apply " + SERVICE);
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Programmed");
	}

	@Test
	void whatIsAsDeclaredStaysProgrammedWhileItIsClosed() {
		gate(PAUSED);
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Programmed");
		assertThat(count("unit where continues")).isZero();
	}

	@Test
	void driftIsSeenAndHealedOnlyAfterwards() {
		gate(opensInAnHour(false));
		LiveObject live = this.world.live(SERVICE);
		this.world.gateway.delete(SERVICE, live.uid(), live.resourceVersion());
		this.world.writes();
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.condition("webapp", World.CLUSTER, Condition.Type.DRIFTED).status())
			.isEqualTo(Status.TRUE);
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("SyncWindowClosed");

		gate(SyncGate.OPEN);
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.writes()).containsExactly("apply " + SERVICE);
		assertThat(this.world.condition("webapp", World.CLUSTER, Condition.Type.DRIFTED).status())
			.isEqualTo(Status.FALSE);
	}

	@Test
	void deletionsWaitAlsoForTheWindowsOfADeletedNamespace() {
		Declared.commit(this.world.store, Declared.put(ResourceId.namespace("shop"),
				"{'syncWindows': [{'kind': 'deny', 'schedule': '* * * * *', 'duration': '2h'}]}"));
		this.world.settle();
		Declared.commit(this.world.store, Declared.delete(WEBAPP), Declared.delete(ResourceId.namespace("shop")));
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("SyncWindowClosed");
		assertThat(this.world.rows.statuses().of(WEBAPP)).isNotEmpty();

		Declared.commit(this.world.store, Declared.put(ResourceId.namespace("shop"), "{}"));
		this.world.settle();
		assertThat(this.world.writes()).contains("delete " + SERVICE);
		assertThat(count("unit where service = 'webapp'")).isZero();
	}

	@Test
	void aPushStopsBetweenItsPhasesAndGoesOnFromThere() {
		gate(SyncGate.OPEN, Duration.ofMinutes(1), Duration.ofMinutes(2));
		declare("v2", 80);
		this.world.settle();
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("WaitingToSwitch");
		this.world.writes();

		gate(PAUSED, Duration.ofMinutes(1), Duration.ofMinutes(2));
		later("made_at");
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.programmed("webapp").status()).isEqualTo(Status.FALSE);
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Paused");

		gate(SyncGate.OPEN, Duration.ofMinutes(1), Duration.ofMinutes(2));
		later("made_at");
		assertThat(this.world.writes()).hasSize(1);
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Settling");

		gate(PAUSED, Duration.ofMinutes(1), Duration.ofMinutes(2));
		later("switched_at");
		assertThat(this.world.writes()).isEmpty();
		assertThat(this.world.programmed("webapp").status()).as("requests are moved").isEqualTo(Status.TRUE);
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Paused");

		gate(SyncGate.OPEN, Duration.ofMinutes(1), Duration.ofMinutes(2));
		later("switched_at");
		assertThat(this.world.writes()).hasSize(1);
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Programmed");
	}

	@Test
	void aSyncThatIsAskedForPassesWhereAWindowAllowsIt() {
		gate(opensInAnHour(false));
		declare("v1", 81);
		sync();
		assertThat(this.world.writes()).isEmpty();
		gate(opensInAnHour(true));
		sync();
		assertThat(this.world.writes()).containsExactly("apply " + SERVICE);
		declare("v1", 82);
		this.world.settle();
		assertThat(this.world.writes()).as("what is declared afterwards waits again").isEmpty();
		assertThat(this.world.store.jdbc()
			.sql("select actor || ' ' || target from audit_event where action = 'commit' order by id desc limit 2")
			.query(String.class)
			.list()).contains("alice Service/shop/webapp");
	}

	@Test
	void anOverrideThatBeginsOrEndsPassesAWindowButNoPause() {
		ResourceId override = new ResourceId(Kind.OVERRIDE, "shop", "drill");
		gate(PAUSED);
		declare("v1", 81);
		Declared.commit(this.world.store, Declared.put(override, DRILL));
		this.world.settle();
		assertThat(this.world.writes()).isEmpty();

		gate(opensInAnHour(false));
		this.world.rows.units().resyncAll();
		this.world.settle();
		assertThat(this.world.writes()).containsExactly("apply " + SERVICE);
		declare("v1", 82);
		this.world.settle();
		assertThat(this.world.writes()).as("the override in force lets nothing else pass").isEmpty();
		Declared.commit(this.world.store,
				Declared.put(override, DRILL, Map.of("ticket", "1"), Change.Precondition.NONE));
		this.world.settle();
		assertThat(this.world.writes()).as("nor does a label of it").isEmpty();
		this.world.undeclare(override);
		this.world.settle();
		assertThat(this.world.writes()).as("its end does").containsExactly("apply " + SERVICE);
	}

	@Test
	void aServiceThatWaitsForAPausedNamespaceDoesNotAskAgainAndAgain() {
		gate(PAUSED);
		this.world.store.jdbc().sql("delete from inventory where object_kind = 'Namespace'").update();
		declare("v1", 81);
		this.world.settle();
		assertThat(this.world.programmed("webapp").reason()).isEqualTo("Paused");
		assertThat(count("unit where not_before < now() + interval '50 minutes' and continues")).isZero();
	}

	private void sync() {
		this.world.rows.units().sync(Declared.ALICE, new ServiceRef("shop", "webapp"));
		this.world.settle();
	}

	private void declare(String version, int port) {
		this.world.declare("webapp", Objects.account("shop", "webapp"), Objects.service("shop", "webapp", port),
				Objects.subsets("shop", "webapp", version), Objects.route("shop", "webapp", version));
	}

	private void gate(SyncGate gate) {
		gate(gate, Duration.ZERO, Duration.ZERO);
	}

	private void gate(SyncGate gate, Duration beforeSwitch, Duration beforeBreak) {
		this.world.push = new Compilation.Push(beforeSwitch, beforeBreak, ConflictPolicy.REFUSE, DeletionPolicy.DELETE,
				DriftPolicy.HEAL, gate);
	}

	/** A window of kind allow that begins at the full minute in about an hour. */
	private static SyncGate opensInAnHour(boolean manualSync) {
		var time = Instant.now().atOffset(ZoneOffset.UTC).plusHours(1);
		return new SyncGate(List.of(),
				List.of(new SyncWindow(SyncWindow.Kind.ALLOW, time.getMinute() + " " + time.getHour() + " * * *",
						Duration.ofMinutes(5), null, null, manualSync, null)));
	}

	private void later(String since) {
		this.world.store.jdbc().sql("update unit set " + since + " = " + since + " - interval '1 hour'").update();
		this.world.waitIsOver();
		this.world.settle();
	}

	private long count(String what) {
		return this.world.store.jdbc().sql("select count(*) from " + what).query(Long.class).single();
	}

}
