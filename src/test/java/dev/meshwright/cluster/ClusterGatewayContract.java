package dev.meshwright.cluster;

import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.ClusterFailure.FieldConflict;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What every cluster does, real or sandbox. */
interface ClusterGatewayContract {

	ClusterGateway gateway();

	/** A gateway whose watches get a bookmark within seconds. */
	ClusterGateway gatewayWithFastBookmarks();

	/** A new namespace, empty. */
	String freshNamespace();

	/** Applies as another field manager. */
	void applyAs(String manager, Apply apply);

	/** A resourceVersion that the cluster has forgotten. */
	String forgottenResourceVersion();

	private ObjectRef fresh(ObjectKind kind) {
		return TestObjects.ref(kind, freshNamespace(), "web");
	}

	private Applied create(ObjectRef ref, Map<String, Object> content) {
		return gateway().apply(Apply.create(ref, TestObjects.body(ref, Map.of(), content)));
	}

	private Apply update(LiveObject live, Map<String, Object> content, boolean force) {
		return new Apply(live.ref(), TestObjects.body(live.ref(), Map.of(), content), live.uid(),
				live.resourceVersion(), force);
	}

	@Test
	default void aServiceThatIsNotThereHasNoReadyEndpoint() {
		assertThat(gateway().readyEndpoints(freshNamespace(), "web")).isZero();
	}

	@Test
	default void theStampIsWrittenOnlyByWhoKnowsTheLastOne() {
		@Nullable String before = gateway().stamp().map(InstallationStamp::resourceVersion).orElse(null);
		InstallationStamp first = gateway().stamp("installation-1", 7, 3, before);
		assertThat(gateway().stamp()).contains(first);
		assertThat(first)
			.extracting(InstallationStamp::installation, InstallationStamp::revision, InstallationStamp::fence)
			.containsExactly("installation-1", 7L, 3L);
		InstallationStamp second = gateway().stamp("installation-2", 8, 4, first.resourceVersion());
		assertThatExceptionOfType(ClusterFailure.Stale.class)
			.isThrownBy(() -> gateway().stamp("installation-1", 9, 4, first.resourceVersion()));
		assertThatExceptionOfType(ClusterFailure.Stale.class).as("there must be none")
			.isThrownBy(() -> gateway().stamp("installation-1", 9, 4, null));
		assertThat(gateway().stamp()).contains(second);
	}

	@Test
	default void createsWhatIsNotThere() {
		ObjectRef ref = fresh(ObjectKind.DEPLOYMENT);
		assertThat(gateway().get(ref)).isEmpty();
		Applied applied = create(ref, TestObjects.deployment(2));
		assertThat(applied.created()).isTrue();
		LiveObject live = gateway().get(ref).orElseThrow();
		assertThat(live.ref()).isEqualTo(ref);
		assertThat(live.uid()).isNotEmpty().isEqualTo(applied.live().uid());
		assertThat(live.resourceVersion()).isNotEmpty().isEqualTo(applied.live().resourceVersion());
		assertThat(live.label("app.kubernetes.io/managed-by")).contains("meshwright");
		assertThat(live.body()).containsEntry("kind", "Deployment").containsEntry("apiVersion", "apps/v1");
		assertThat((Map<?, ?>) live.body().get("spec")).extracting("replicas").isEqualTo(2);
		assertThat((Map<?, ?>) live.body().get("metadata")).extracting("generation").isEqualTo(1);
	}

	@Test
	default void anEqualApplyChangesNothing() {
		Applied created = create(fresh(ObjectKind.VIRTUAL_SERVICE), TestObjects.virtualService("web"));
		Applied again = gateway().apply(update(created.live(), TestObjects.virtualService("web"), false));
		assertThat(again.created()).isFalse();
		assertThat(again.live().resourceVersion()).isEqualTo(created.live().resourceVersion());
	}

	@Test
	default void aChangedSpecMovesTheGeneration() {
		Applied created = create(fresh(ObjectKind.VIRTUAL_SERVICE), TestObjects.virtualService("web"));
		Applied changed = gateway().apply(update(created.live(), TestObjects.virtualService("shop"), false));
		assertThat(changed.live().resourceVersion()).isNotEqualTo(created.live().resourceVersion());
		assertThat((Map<?, ?>) changed.live().body().get("metadata")).extracting("generation").isEqualTo(2);
	}

	@Test
	default void aFieldThatIsNotAppliedAnyMoreGoes() {
		ObjectRef ref = fresh(ObjectKind.SERVICE_ACCOUNT);
		LiveObject live = gateway().apply(Apply.create(ref, TestObjects.body(ref, Map.of("stays", "1", "goes", "1"),
				Map.of("automountServiceAccountToken", false))))
			.live();
		applyAs("kubectl",
				new Apply(ref, TestObjects.partial(ref, Map.of("imagePullSecrets", List.of(Map.of("name", "pull")))),
						null, null, false));
		LiveObject now = gateway()
			.apply(new Apply(ref, TestObjects.body(ref, Map.of("stays", "1"), Map.of()), live.uid(), null, false))
			.live();
		assertThat(now.annotation("stays")).contains("1");
		assertThat(now.annotation("goes")).isEmpty();
		assertThat(now.body()).doesNotContainKey("automountServiceAccountToken").containsKey("imagePullSecrets");
	}

	@Test
	default void aFieldThatAnotherManagerSetIsAConflict() {
		ObjectRef ref = fresh(ObjectKind.DEPLOYMENT);
		create(ref, TestObjects.deployment(2));
		applyAs("kubectl",
				new Apply(ref, TestObjects.partial(ref, Map.of("spec", Map.of("replicas", 5))), null, null, true));
		LiveObject live = gateway().get(ref).orElseThrow();
		assertThatExceptionOfType(FieldConflict.class)
			.isThrownBy(() -> gateway().apply(update(live, TestObjects.deployment(2), false)))
			.satisfies((ex) -> assertThat(ex.fields())
				.containsExactly(new FieldConflict.Field("kubectl", ".spec.replicas")))
			.withMessageContaining("kubectl")
			.withMessageContaining(ref.toString());
		assertThat(gateway().get(ref).orElseThrow().resourceVersion()).isEqualTo(live.resourceVersion());
		Applied forced = gateway().apply(update(live, TestObjects.deployment(2), true));
		assertThat((Map<?, ?>) forced.live().body().get("spec")).extracting("replicas").isEqualTo(2);
		assertThat(gateway().apply(update(forced.live(), TestObjects.deployment(3), false)).created()).isFalse();
	}

	@Test
	default void anEqualValueOfAnotherManagerIsNoConflict() {
		ObjectRef ref = fresh(ObjectKind.DEPLOYMENT);
		create(ref, TestObjects.deployment(2));
		applyAs("kubectl",
				new Apply(ref, TestObjects.partial(ref, Map.of("spec", Map.of("replicas", 2))), null, null, false));
		LiveObject live = gateway().get(ref).orElseThrow();
		assertThat(gateway().apply(update(live, TestObjects.deployment(2), false)).live().resourceVersion())
			.isEqualTo(live.resourceVersion());
	}

	@Test
	default void aListIsOneField() {
		ObjectRef ref = fresh(ObjectKind.VIRTUAL_SERVICE);
		create(ref, TestObjects.virtualService("web"));
		applyAs("kubectl",
				new Apply(ref, TestObjects.partial(ref, TestObjects.virtualService("other")), null, null, true));
		LiveObject live = gateway().get(ref).orElseThrow();
		assertThatExceptionOfType(FieldConflict.class)
			.isThrownBy(() -> gateway().apply(update(live, TestObjects.virtualService("web"), false)))
			.satisfies((ex) -> assertThat(ex.fields()).containsExactlyInAnyOrder(
					new FieldConflict.Field("kubectl", ".spec.hosts"),
					new FieldConflict.Field("kubectl", ".spec.http")));
	}

	@Test
	default void aStaleResourceVersionIsRefusedEvenWithForce() {
		Applied first = create(fresh(ObjectKind.DEPLOYMENT), TestObjects.deployment(1));
		gateway().apply(update(first.live(), TestObjects.deployment(2), false));
		assertThatExceptionOfType(ClusterFailure.Stale.class)
			.isThrownBy(() -> gateway().apply(update(first.live(), TestObjects.deployment(3), false)));
		assertThatExceptionOfType(ClusterFailure.Stale.class)
			.isThrownBy(() -> gateway().apply(update(first.live(), TestObjects.deployment(3), true)));
	}

	@Test
	default void anotherUidIsRefused() {
		ObjectRef ref = fresh(ObjectKind.DEPLOYMENT);
		create(ref, TestObjects.deployment(1));
		Apply wrong = new Apply(ref, TestObjects.body(ref, Map.of(), TestObjects.deployment(2)),
				"11111111-2222-3333-4444-555555555555", null, true);
		assertThatExceptionOfType(ClusterFailure.WrongUid.class).isThrownBy(() -> gateway().apply(wrong));
	}

	@Test
	default void aDeletedObjectIsNotMadeAgain() {
		LiveObject live = create(fresh(ObjectKind.SERVICE_ACCOUNT), Map.of()).live();
		assertThat(gateway().delete(live.ref(), live.uid(), live.resourceVersion())).isEmpty();
		assertThatExceptionOfType(ClusterFailure.WrongUid.class)
			.isThrownBy(() -> gateway().apply(update(live, Map.of(), true)));
		assertThat(gateway().get(live.ref())).isEmpty();
		LiveObject next = create(live.ref(), Map.of()).live();
		assertThat(next.uid()).isNotEqualTo(live.uid());
	}

	@Test
	default void aMissingNamespaceIsSaid() {
		ObjectRef ref = TestObjects.ref(ObjectKind.SERVICE_ACCOUNT, freshNamespace() + "-not", "web");
		assertThatExceptionOfType(ClusterFailure.NamespaceMissing.class).isThrownBy(() -> create(ref, Map.of()));
	}

	@Test
	default void deletesOnlyWhatWasMeant() {
		LiveObject first = create(fresh(ObjectKind.DEPLOYMENT), TestObjects.deployment(1)).live();
		LiveObject live = gateway().apply(update(first, TestObjects.deployment(2), false)).live();
		assertThatExceptionOfType(ClusterFailure.Stale.class)
			.isThrownBy(() -> gateway().delete(live.ref(), "11111111-2222-3333-4444-555555555555", null));
		assertThatExceptionOfType(ClusterFailure.Stale.class)
			.isThrownBy(() -> gateway().delete(live.ref(), live.uid(), first.resourceVersion()));
		assertThat(gateway().get(live.ref())).isPresent();
		assertThat(gateway().delete(live.ref(), live.uid(), null)).isEmpty();
		assertThat(gateway().get(live.ref())).isEmpty();
		assertThat(gateway().delete(live.ref(), live.uid(), null)).isEmpty();
	}

	@Test
	default void listsWhatIsOurs() {
		ObjectRef ours = fresh(ObjectKind.SERVICE_ACCOUNT);
		ObjectRef elsewhere = fresh(ObjectKind.SERVICE_ACCOUNT);
		ObjectRef foreign = TestObjects.ref(ObjectKind.SERVICE_ACCOUNT, ours.namespace(), "foreign");
		LiveObject live = create(ours, Map.of()).live();
		create(elsewhere, Map.of());
		applyAs("kubectl", Apply.create(foreign, TestObjects.partial(foreign, Map.of())));
		assertThat(gateway().list(ObjectKind.SERVICE_ACCOUNT, ours.namespace())).containsExactly(live);
		Listing all = gateway().listing(ObjectKind.SERVICE_ACCOUNT, "");
		assertThat(all.objects()).extracting(LiveObject::ref).contains(ours, elsewhere).doesNotContain(foreign);
		assertThat(all.resourceVersion()).isNotEmpty();
	}

	@Test
	default void watchesFromAListOn() throws Exception {
		ObjectRef ref = fresh(ObjectKind.VIRTUAL_SERVICE);
		ReceivedEvents events = new ReceivedEvents();
		String start = gateway().listing(ref.kind(), "").resourceVersion();
		AutoCloseable watch = gateway().watch(ref.kind(), start, events);
		LiveObject created = create(ref, TestObjects.virtualService("web")).live();
		assertThat(events.nextChange()).isEqualTo(new WatchEvent.Changed(created));
		LiveObject changed = gateway().apply(update(created, TestObjects.virtualService("shop"), false)).live();
		assertThat(events.nextChange()).isEqualTo(new WatchEvent.Changed(changed));
		gateway().delete(ref, changed.uid(), null);
		assertThat(events.nextChange()).isInstanceOfSatisfying(WatchEvent.Deleted.class, (deleted) -> {
			assertThat(deleted.ref()).isEqualTo(ref);
			assertThat(deleted.uid()).isEqualTo(changed.uid());
			assertThat(deleted.resourceVersion()).isNotEqualTo(changed.resourceVersion());
		});
		watch.close();
		assertThat(events.nextChange()).isEqualTo(new WatchEvent.Ended(WatchEvent.Cause.OVER, "closed"));
	}

	/** No watch tells of a stamp, but every list after it is as new as it. */
	@Test
	default void watchesFromAListAfterAStampOn() throws Exception {
		gateway().stamp("installation", 1, 1, gateway().stamp().map(InstallationStamp::resourceVersion).orElse(null));
		ObjectRef ref = fresh(ObjectKind.VIRTUAL_SERVICE);
		gateway().stamp("installation", 2, 1, gateway().stamp().map(InstallationStamp::resourceVersion).orElse(null));
		ReceivedEvents events = new ReceivedEvents();
		String start = gateway().listing(ref.kind(), "").resourceVersion();
		try (AutoCloseable _ = gateway().watch(ref.kind(), start, events)) {
			assertThat(events.next((event) -> true)).isEqualTo(new WatchEvent.Opened());
			LiveObject created = create(ref, TestObjects.virtualService("web")).live();
			assertThat(events.nextChange()).isEqualTo(new WatchEvent.Changed(created));
		}
	}

	@Test
	default void anObjectThatIsNoLongerOursLeavesTheWatch() throws Exception {
		ObjectRef ref = fresh(ObjectKind.DESTINATION_RULE);
		LiveObject created = create(ref, Map.of("spec", Map.of("host", "web"))).live();
		ReceivedEvents events = new ReceivedEvents();
		try (AutoCloseable _ = gateway().watch(ref.kind(), created.resourceVersion(), events)) {
			gateway().apply(new Apply(ref, TestObjects.partial(ref, Map.of("spec", Map.of("host", "web"))),
					created.uid(), null, false));
			assertThat(events.nextChange()).isInstanceOfSatisfying(WatchEvent.Deleted.class,
					(deleted) -> assertThat(deleted.uid()).isEqualTo(created.uid()));
		}
	}

	/** What others do moves the bookmark on, though nobody tells us what it was. */
	@Test
	default void aWatchGetsBookmarks() throws Exception {
		ClusterGateway gateway = gatewayWithFastBookmarks();
		ReceivedEvents events = new ReceivedEvents();
		ObjectRef foreign = fresh(ObjectKind.SERVICE_ENTRY);
		String start = gateway.listing(foreign.kind(), "").resourceVersion();
		try (AutoCloseable watch = gateway.watch(foreign.kind(), start, events)) {
			applyAs("kubectl", Apply.create(foreign,
					TestObjects.partial(foreign, Map.of("spec", Map.of("hosts", List.of("example.com"))))));
			assertThat(events.next((event) -> true)).isEqualTo(new WatchEvent.Opened());
			WatchEvent first = events.next((event) -> !event.equals(new WatchEvent.Bookmark(start)));
			assertThat(first).isInstanceOf(WatchEvent.Bookmark.class);
		}
	}

	@Test
	default void aStartThatIsTooOldIsGone() throws Exception {
		ReceivedEvents events = new ReceivedEvents();
		try (AutoCloseable watch = gateway().watch(ObjectKind.VIRTUAL_SERVICE, forgottenResourceVersion(), events)) {
			assertThat(events.nextChange()).isInstanceOfSatisfying(WatchEvent.Ended.class,
					(ended) -> assertThat(ended.cause()).isEqualTo(WatchEvent.Cause.GONE));
		}
	}

	@Test
	default void saysWhatItIs() {
		assertThat(gateway().facts().clusterUid()).isNotEmpty().isEqualTo(gateway().facts().clusterUid());
		assertThat(gateway().facts().kubernetesVersion()).isNotEmpty();
		assertThat(ObjectKind.values()).allMatch((kind) -> gateway().facts().serves(kind));
	}

	@Test
	default void refusesABodyThatIsNotTheObjectNamed() {
		ObjectRef ref = fresh(ObjectKind.SERVICE_ACCOUNT);
		ObjectRef other = TestObjects.ref(ObjectKind.SERVICE_ACCOUNT, ref.namespace(), "other");
		ObjectRef deployment = TestObjects.ref(ObjectKind.DEPLOYMENT, ref.namespace(), "web");
		for (ObjectRef named : List.of(other, deployment)) {
			assertThatExceptionOfType(ClusterFailure.Invalid.class)
				.isThrownBy(() -> gateway().apply(Apply.create(named, TestObjects.body(ref, Map.of(), Map.of()))));
		}
		ObjectRef path = TestObjects.ref(ObjectKind.SERVICE_ACCOUNT, ref.namespace(), "../secrets/x");
		assertThatExceptionOfType(ClusterFailure.Invalid.class).isThrownBy(() -> gateway().get(path));
		assertThatExceptionOfType(ClusterFailure.Invalid.class).isThrownBy(() -> gateway().delete(path, "u", null));
		assertThatExceptionOfType(ClusterFailure.Invalid.class)
			.isThrownBy(() -> gateway().list(ObjectKind.SERVICE_ACCOUNT, "x/../.."));
	}

	@Test
	default void aDryRunAnswersAsTheApplyWouldAndWritesNothing() {
		ObjectRef ref = fresh(ObjectKind.DEPLOYMENT);
		Apply first = new Apply(ref, TestObjects.body(ref, Map.of(), TestObjects.deployment(2)), null, "1", false);
		Applied would = gateway().dryRun(first);
		assertThat(would.created()).isTrue();
		assertThat((Map<?, ?>) would.live().body().get("spec")).extracting("replicas").isEqualTo(2);
		assertThat(gateway().get(ref)).isEmpty();
		LiveObject live = gateway().apply(first).live();
		assertThatExceptionOfType(ClusterFailure.Stale.class).isThrownBy(() -> gateway().dryRun(first));
		Applied changed = gateway().dryRun(update(live, TestObjects.deployment(3), false));
		assertThat(changed.created()).isFalse();
		assertThat(changed.live().uid()).isEqualTo(live.uid());
		assertThat((Map<?, ?>) changed.live().body().get("spec")).extracting("replicas").isEqualTo(3);
		assertThat(gateway().dryRun(update(live, TestObjects.deployment(2), false)).live().body().get("spec"))
			.isEqualTo(live.body().get("spec"));
		assertThat(gateway().get(ref).orElseThrow()).isEqualTo(live);
	}

	@Test
	default void aDryRunRefusesAsTheApplyWould() {
		ObjectRef ref = fresh(ObjectKind.DEPLOYMENT);
		create(ref, TestObjects.deployment(2));
		applyAs("kubectl",
				new Apply(ref, TestObjects.partial(ref, Map.of("spec", Map.of("replicas", 5))), null, null, true));
		LiveObject live = gateway().get(ref).orElseThrow();
		assertThatExceptionOfType(FieldConflict.class)
			.isThrownBy(() -> gateway().dryRun(update(live, TestObjects.deployment(2), false)))
			.satisfies((ex) -> assertThat(ex.fields())
				.containsExactly(new FieldConflict.Field("kubectl", ".spec.replicas")));
		Applied forced = gateway().dryRun(update(live, TestObjects.deployment(2), true));
		assertThat((Map<?, ?>) forced.live().body().get("spec")).extracting("replicas").isEqualTo(2);
		assertThat(gateway().get(ref).orElseThrow()).isEqualTo(live);
		ObjectRef nowhere = TestObjects.ref(ObjectKind.SERVICE_ACCOUNT, freshNamespace() + "-not", "web");
		assertThatExceptionOfType(ClusterFailure.NamespaceMissing.class)
			.isThrownBy(() -> gateway().dryRun(Apply.create(nowhere, TestObjects.body(nowhere, Map.of(), Map.of()))));
	}

	@Test
	default void aClosedGatewaySaysSo() {
		ClusterGateway gateway = gatewayWithFastBookmarks();
		gateway.close();
		assertThatExceptionOfType(ClusterFailure.Unavailable.class).isThrownBy(gateway::facts)
			.withMessageContaining("closed");
	}

}
