package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.meshwright.compile.Compilation;
import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectField;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is pushed, in which phase and order, and what is waited for. */
class PlannerTest {

	private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

	private static final Instant LONG_AGO = NOW.minusSeconds(3600);

	private static final Manifest V1 = Objects.subsets("shop", "web", "v1");

	private static final Manifest V2 = Objects.subsets("shop", "web", "v2");

	private static final Manifest TO_V1 = Objects.route("shop", "web", "v1");

	private static final Manifest TO_V2 = Objects.route("shop", "web", "v2");

	private static final ObjectRef DEPLOYMENT = Objects.ref(ObjectKind.DEPLOYMENT, "shop", "web-v2");

	private static final Manifest ACCOUNT = Objects.account("shop", "web");

	private static final Manifest ROLE = made(ObjectKind.ROLE);

	private static final Manifest BINDING = made(ObjectKind.ROLE_BINDING);

	static Stream<Case> cases() {
		return Stream.of(new Case("nothing").wants().gives(),
				new Case("unchanged").has(V1, TO_V1).wants(V1, TO_V1).gives(),
				new Case("first push: accounts first, no wait before the route").wants(TO_V1, V1, ACCOUNT)
					.never()
					.gives("MAKE write ServiceAccount | write DestinationRule", "SWITCH write VirtualService"),
				new Case("new subset: route waits").has(V1, TO_V1)
					.wants(V2, TO_V2)
					.gives("MAKE write DestinationRule", "wait BEFORE_SWITCH PT1S"),
				new Case("made half a second ago: route waits the rest").has(V1, TO_V1)
					.made(NOW.minusMillis(500))
					.wants(V1, TO_V2)
					.gives("wait BEFORE_SWITCH PT0.5S"),
				new Case("settled: route moves").has(V1, TO_V1).wants(V1, TO_V2).gives("SWITCH write VirtualService"),
				new Case("route awaits a Deployment that it did not await").has(V1, TO_V1)
					.wants(V1, Objects.route("shop", "web", "v2", DEPLOYMENT))
					.gives("SWITCH write VirtualService awaits " + DEPLOYMENT),
				new Case("what was awaited already is not awaited again")
					.has(V1, Objects.route("shop", "web", "v2", DEPLOYMENT))
					.wants(V1, Objects.route("shop", "web", "v3", DEPLOYMENT))
					.gives("SWITCH write VirtualService"),
				new Case("just switched: narrowing waits").has(widened(), TO_V2)
					.switched(NOW.minusSeconds(4))
					.wants(V2, TO_V2)
					.gives("wait BEFORE_BREAK PT6S"),
				new Case("switched long ago: narrows").has(widened(), TO_V2)
					.wants(V2, TO_V2)
					.gives("BREAK write DestinationRule"),
				new Case("whole service gone: routes first, account last").has(ACCOUNT, TO_V1, V1)
					.dooms(ACCOUNT, TO_V1, V1)
					.wants()
					.gives("BREAK delete VirtualService", "BREAK delete DestinationRule | delete ServiceAccount"),
				new Case("route gone while the service stays: the rest waits").has(ACCOUNT, TO_V1, V1)
					.dooms(TO_V1, V1)
					.wants(ACCOUNT)
					.gives("BREAK delete VirtualService", "wait BEFORE_BREAK PT10S"),
				new Case("namespace: our fields only").has(Objects.namespace("shop"))
					.dooms(Objects.namespace("shop"))
					.wants()
					.gives("BREAK withdraw Namespace"),
				new Case("deletionPolicy orphan").policy(DeletionPolicy.ORPHAN)
					.has(ACCOUNT)
					.dooms(ACCOUNT)
					.wants()
					.gives("BREAK forget ServiceAccount"),
				new Case("vanished without tombstone: kept").has(ACCOUNT, V1).wants(ACCOUNT).gives(),
				new Case("subset of other pods: moves when they are available").has(V1, TO_V1)
					.wants(managed(), TO_V1)
					.gives("SWITCH write DestinationRule awaits " + DEPLOYMENT),
				new Case("subset of other pods beside a new one: only the new one at once").has(V1, TO_V1)
					.made(NOW)
					.wants(both(), TO_V1)
					.gives("MAKE write DestinationRule", "wait BEFORE_SWITCH PT1S"),
				new Case("removed port: stays through the switch").has(ports("http 80", "old 81"))
					.wants(ports("http 80"))
					.gives("BREAK write Service http-80"),
				new Case("new number of a port: the old one stays beside it").has(ports("http 80", "old 81"))
					.switched(NOW)
					.wants(ports("http 80", "new 82"))
					.gives("SWITCH write Service http-80 new-82 old-81", "wait BEFORE_BREAK PT10S"),
				new Case("new name of a port: no number twice").has(ports("http 80"))
					.wants(ports("web 80"))
					.gives("SWITCH write Service web-80"),
				new Case("name moves to another number: no name twice").has(ports("http 80"))
					.wants(ports("http 81"))
					.gives("SWITCH write Service http-81"),
				new Case("rights before what runs with them").has(ACCOUNT)
					.wants(pods("v2"), BINDING, ROLE, ACCOUNT)
					.gives("MAKE write Role | write RoleBinding | write Deployment"),
				new Case("rights of pods that are replaced: go after them").has(pods("v1"), ACCOUNT, ROLE, BINDING)
					.wants(pods("v2"), ACCOUNT)
					.dooms(ROLE, BINDING)
					.gives("MAKE write Deployment", "wait BEFORE_BREAK PT10S"),
				new Case("rights of pods that stay: at once").has(pods("v1"), ACCOUNT, ROLE, BINDING)
					.wants(pods("v1"), ACCOUNT)
					.dooms(ROLE, BINDING)
					.gives("BREAK delete RoleBinding | delete Role"),
				new Case("pods whose new account is not let in yet: all else is made, nothing moves")
					.has(pods("v1"), V1, TO_V1, ACCOUNT)
					.holds(DEPLOYMENT)
					.wants(pods("v2"), V1, TO_V2, ACCOUNT, ROLE)
					.gives("MAKE write Role", "wait NOT_ADMITTED PT1S"),
				new Case("stricter mutual TLS: before the rules").has(mutualTls("PERMISSIVE"), access("ALLOW", "a"))
					.wants(mutualTls("STRICT"), access("ALLOW", "b"))
					.gives("MAKE write PeerAuthentication | write AuthorizationPolicy allow b"),
				new Case("what keeps calls out: before what lets others in")
					.has(access("DENY", "a"), access("CUSTOM", "a"), access("ALLOW", "a"))
					.wants(access("ALLOW", "b"), access("DENY", "b"), access("CUSTOM", "b"))
					.gives("MAKE write AuthorizationPolicy deny b a, write AuthorizationPolicy custom b a | write AuthorizationPolicy allow b",
							"BREAK write AuthorizationPolicy deny b, write AuthorizationPolicy custom b"),
				new Case("a first ALLOW policy: before pods that it is for")
					.wants(pods("v1"), access("ALLOW", "a"), made(ObjectKind.REQUEST_AUTHENTICATION))
					.gives("MAKE write RequestAuthentication | write AuthorizationPolicy allow a | write Deployment"),
				new Case("more is allowed: after routes moved").has(access("ALLOW", "a"), V1, TO_V1)
					.wants(access("ALLOW", "b", "a"), V1, TO_V2)
					.gives("SWITCH write VirtualService", "wait BEFORE_BREAK PT10S"),
				new Case("somebody is allowed where nobody was: at last").has(access("ALLOW"))
					.wants(access("ALLOW", "a"))
					.gives("BREAK write AuthorizationPolicy allow a"),
				new Case("less is allowed: before routes move").has(access("ALLOW", "a", "b"), V1, TO_V1)
					.wants(access("ALLOW", "a"), V1, TO_V2)
					.gives("MAKE write AuthorizationPolicy allow a", "SWITCH write VirtualService"),
				new Case("nobody is allowed any more: at once").has(access("ALLOW", "a"), V1, TO_V1)
					.wants(access("ALLOW"), V1, TO_V2)
					.gives("MAKE write AuthorizationPolicy allow", "SWITCH write VirtualService"),
				new Case("looser mutual TLS: after routes moved").has(mutualTls("STRICT"), V1, TO_V1)
					.wants(mutualTls("PERMISSIVE"), V1, TO_V2)
					.gives("SWITCH write VirtualService", "wait BEFORE_BREAK PT10S"),
				new Case("looser mutual TLS: at last").has(mutualTls("STRICT"), V1, TO_V2)
					.wants(mutualTls("PERMISSIVE"), V1, TO_V2)
					.gives("BREAK write PeerAuthentication"),
				new Case("suspect: written again").has(ACCOUNT, V1)
					.suspects(V1)
					.wants(ACCOUNT, V1)
					.gives("MAKE write DestinationRule"));
	}

	private static Manifest made(ObjectKind kind) {
		ObjectRef ref = Objects.ref(kind, "shop", "web");
		return Manifest.make(ref, Objects.body(ref, Map.of()));
	}

	/** A policy with a rule for each path. */
	private static Manifest access(String action, String... paths) {
		ObjectRef ref = Objects.ref(ObjectKind.AUTHORIZATION_POLICY, "shop",
				"web-" + action.toLowerCase(java.util.Locale.ROOT));
		Map<String, Object> spec = new LinkedHashMap<>(Map.of("action", action));
		if (paths.length > 0) {
			spec.put("rules", Stream.of(paths).map((path) -> Map.of("to", path)).toList());
		}
		return new Manifest(ref, Objects.body(ref, Map.of("spec", spec)), Manifest.Phase.MAKE,
				action.equals("ALLOW") ? List.of() : List.of(new Manifest.KeyedList("/spec/rules", "name")), Set.of());
	}

	private static Manifest mutualTls(String mode) {
		ObjectRef ref = Objects.ref(ObjectKind.PEER_AUTHENTICATION, "shop", "web");
		return Manifest.make(ref, Objects.body(ref, Map.of("spec", Map.of("mtls", Map.of("mode", mode)))));
	}

	private static Manifest pods(String image) {
		return deployment(Map.of("template", image));
	}

	/** The version is managed now: the subset has other labels. */
	private static Manifest managed() {
		return labelled(Map.of("name", "v1", "labels", Map.of("managed", "yes")));
	}

	private static Manifest both() {
		return labelled(Map.of("name", "v1", "labels", Map.of("managed", "yes")),
				Map.of("name", "v2", "labels", Map.of("version", "v2")));
	}

	@SafeVarargs
	private static Manifest labelled(Map<String, Object>... subsets) {
		return new Manifest(V1.ref(),
				Objects.body(V1.ref(), Map.of("spec", Map.of("host", "web", "subsets", List.of(subsets)))), V1.phase(),
				V1.widened(), Set.of(DEPLOYMENT));
	}

	private static Manifest ports(String... ports) {
		ObjectRef ref = Objects.ref(ObjectKind.SERVICE, "shop", "web");
		List<Map<String, Object>> items = Stream.of(ports)
			.map((port) -> port.split(" "))
			.<Map<String, Object>>map(
					(port) -> Map.of("name", port[0], "port", Integer.valueOf(port[1]), "protocol", "TCP"))
			.toList();
		return new Manifest(ref, Objects.body(ref, Map.of("spec", Map.of("ports", items))), Manifest.Phase.SWITCH,
				List.of(new Manifest.KeyedList("/spec/ports", List.of("port", "protocol"), List.of("name"))), Set.of());
	}

	private static Manifest widened() {
		return new Manifest(V2.ref(), Widening.widen(V2.body(), V1.body(), V2.widened()), V2.phase(), V2.widened(),
				Set.of());
	}

	@ParameterizedTest
	@MethodSource("cases")
	void plans(Case planned) {
		assertThat(describe(Planner.plan(planned.situation()))).isEqualTo(planned.expected);
	}

	@Test
	void addsASubsetWithoutMovingAnother() {
		Case planned = new Case("").has(V1, TO_V1).wants(both(), TO_V1).gives();
		Step.Write made = Planner.plan(planned.situation()).writes().getFirst();
		assertThat(made.body()).isEqualTo(Objects.subsets("shop", "web", "v1", "v2").body());
		assertThat(made.awaits()).as("is asked for when the other one moves").isEmpty();
	}

	@Test
	void saysWhichSharedFieldsChangeHands() {
		Manifest fixed = deployment(Map.of("replicas", 3));
		Manifest scaled = deployment(Map.of());
		Set<ObjectField> replicas = Set.of(ObjectField.of(".spec.replicas"));
		assertThat(shared(fixed, scaled)).isEqualTo(new SharedFields(replicas, replicas, Set.of(), List.of()));
		assertThat(shared(scaled, fixed)).isEqualTo(new SharedFields(Set.of(), Set.of(), replicas, List.of()));
		assertThat(shared(fixed, deployment(Map.of("replicas", 4)))).isEqualTo(SharedFields.NONE);
	}

	private static SharedFields shared(Manifest pushed, Manifest wanted) {
		return Planner.plan(new Case("").has(pushed).wants(wanted).situation()).writes().getFirst().shared();
	}

	private static Manifest deployment(Map<String, Object> spec) {
		return new Manifest(DEPLOYMENT, Objects.body(DEPLOYMENT, Map.of("spec", spec)), Manifest.Phase.MAKE, List.of(),
				Set.of(), Set.of(".spec.replicas"));
	}

	private static List<String> describe(Plan plan) {
		List<String> lines = new ArrayList<>();
		for (Plan.Stage stage : plan.stages()) {
			String waves = String.join(" | ",
					stage.waves()
						.stream()
						.map((wave) -> String.join(", ", wave.stream().map(PlannerTest::describe).toList()))
						.toList());
			lines.add(stage.phase() + " " + waves + (stage.awaits().isEmpty() ? ""
					: " awaits " + String.join(", ", stage.awaits().stream().map(ObjectRef::toString).toList())));
		}
		plan.pause().ifPresent((pause) -> lines.add("wait " + pause.reason() + " " + pause.left()));
		return lines;
	}

	private static String describe(Step step) {
		return switch (step) {
			case Step.Write write -> "write " + write.ref().kind().kind() + items(write);
			case Step.Remove remove ->
				remove.how().name().toLowerCase(java.util.Locale.ROOT) + " " + remove.ref().kind().kind();
		};
	}

	/** The ports of a Service, the action and rules of a policy. */
	@SuppressWarnings("unchecked")
	private static String items(Step.Write write) {
		Map<String, Object> spec = (Map<String, Object>) write.body().getOrDefault("spec", Map.of());
		if (spec.get("action") instanceof String action) {
			List<Map<String, Object>> rules = (List<Map<String, Object>>) spec.getOrDefault("rules", List.of());
			return " " + action.toLowerCase(java.util.Locale.ROOT)
					+ String.join("", rules.stream().map((rule) -> " " + rule.get("to")).toList());
		}
		List<Map<String, Object>> ports = (List<Map<String, Object>>) spec.getOrDefault("ports", List.of());
		return String.join("", ports.stream().map((port) -> " " + port.get("name") + "-" + port.get("port")).toList());
	}

	/** A named case. */
	static final class Case {

		private final String name;

		private final Map<ObjectRef, InventoryEntry> inventory = new TreeMap<>();

		private List<Manifest> manifests = List.of();

		private Set<ObjectRef> doomed = Set.of();

		private Set<ObjectRef> suspect = Set.of();

		private Set<ObjectRef> held = Set.of();

		private Instant madeAt = LONG_AGO;

		private @Nullable Instant switchedAt = LONG_AGO;

		private DeletionPolicy policy = DeletionPolicy.DELETE;

		private List<String> expected = List.of();

		Case(String name) {
			this.name = name;
		}

		Case has(Manifest... pushed) {
			for (Manifest manifest : pushed) {
				this.inventory.put(manifest.ref(),
						new InventoryEntry(manifest.ref(), "uid", "7", CanonicalJson.sha256(manifest.body()), "",
								new LinkedHashMap<>(manifest.body()), manifest.awaits(), 1, null, null, false, false, 0,
								null));
			}
			return this;
		}

		Case wants(Manifest... manifests) {
			this.manifests = List.of(manifests);
			return this;
		}

		Case dooms(Manifest... manifests) {
			this.doomed = refs(manifests);
			return this;
		}

		Case suspects(Manifest... manifests) {
			this.suspect = refs(manifests);
			return this;
		}

		Case holds(ObjectRef... objects) {
			this.held = Set.of(objects);
			return this;
		}

		private static Set<ObjectRef> refs(Manifest... manifests) {
			return Set.copyOf(Stream.of(manifests).map(Manifest::ref).toList());
		}

		Case made(Instant at) {
			this.madeAt = at;
			return this;
		}

		Case switched(Instant at) {
			this.switchedAt = at;
			return this;
		}

		Case never() {
			this.switchedAt = null;
			return this;
		}

		Case policy(DeletionPolicy deletionPolicy) {
			this.policy = deletionPolicy;
			return this;
		}

		Case gives(String... lines) {
			this.expected = List.of(lines);
			return this;
		}

		Situation situation() {
			return new Situation(this.manifests,
					new Compilation.Push(Duration.ofSeconds(1), Duration.ofSeconds(10), ConflictPolicy.REFUSE,
							this.policy, DriftPolicy.HEAL),
					this.inventory, this.doomed, this.suspect, this.held, this.madeAt, this.switchedAt, NOW);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
