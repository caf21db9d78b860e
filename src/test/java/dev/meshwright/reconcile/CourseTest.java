package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.compile.Compilation;
import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole way of a push, told before its first step. */
class CourseTest {

	private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

	private static final Manifest ACCOUNT = Objects.account("shop", "web");

	private static final Manifest V1 = Objects.subsets("shop", "web", "v1");

	private static final Manifest V2 = Objects.subsets("shop", "web", "v2");

	private static final Manifest TO_V1 = Objects.route("shop", "web", "v1");

	private static final ObjectRef DEPLOYMENT = Objects.ref(ObjectKind.DEPLOYMENT, "shop", "web-v2");

	private static Course course(List<Manifest> wanted, List<Manifest> has, Set<ObjectRef> doomed, int settle) {
		Map<ObjectRef, InventoryEntry> inventory = new HashMap<>();
		has.forEach((manifest) -> inventory.put(manifest.ref(),
				new InventoryEntry(manifest.ref(), "uid", "1", CanonicalJson.sha256(manifest.body()), "",
						manifest.body(), manifest.awaits(), 1, null, null, false, false, 0, null)));
		@Nullable Instant before = has.isEmpty() ? null : NOW.minusSeconds(3600);
		return Course.of(new Situation(wanted,
				new Compilation.Push(Duration.ofSeconds(settle), Duration.ofSeconds(10L * settle),
						ConflictPolicy.REFUSE, DeletionPolicy.DELETE, DriftPolicy.HEAL),
				inventory, doomed, Set.of(), Set.of(), before, before, NOW));
	}

	/** {@code wait 1s, SWITCH write VirtualService}, leg by leg. */
	private static List<String> told(Course course) {
		return course.legs()
			.stream()
			.map((leg) -> leg.before().map((wait) -> "wait " + wait.left().toSeconds() + "s ").orElse("")
					+ leg.stage().phase()
					+ leg.stage()
						.steps()
						.stream()
						.map((step) -> ((step instanceof Step.Write) ? " write " : " remove ")
								+ step.ref().kind().kind())
						.reduce("", String::concat)
					+ (leg.stage().awaits().isEmpty() ? "" : " awaits"))
			.toList();
	}

	@Test
	void whatIsAsItShouldBeHasNoCourse() {
		assertThat(told(course(List.of(V1, TO_V1), List.of(V1, TO_V1), Set.of(), 1))).isEmpty();
	}

	@Test
	void theFirstPushWaitsForNothing() {
		assertThat(told(course(List.of(ACCOUNT, V1, TO_V1), List.of(), Set.of(), 1)))
			.containsExactly("MAKE write ServiceAccount write DestinationRule", "SWITCH write VirtualService");
	}

	@Test
	void aMovedRouteIsFollowedToItsEnd() {
		Course course = course(List.of(V2, Objects.route("shop", "web", "v2", DEPLOYMENT)), List.of(V1, TO_V1),
				Set.of(), 1);
		assertThat(told(course)).containsExactly("MAKE write DestinationRule",
				"wait 1s SWITCH write VirtualService awaits", "wait 10s BREAK write DestinationRule");
		assertThat(course.phases(V2.ref())).containsExactly(Manifest.Phase.MAKE, Manifest.Phase.BREAK);
		assertThat(course.steps().get(V2.ref())).isInstanceOfSatisfying(Step.Write.class,
				(write) -> assertThat(write.body()).isEqualTo(V2.body()));
	}

	@Test
	void whatIsTakenAwayGoesLast() {
		assertThat(told(course(List.of(ACCOUNT), List.of(ACCOUNT, V1, TO_V1), Set.of(V1.ref(), TO_V1.ref()), 1)))
			.containsExactly("BREAK remove VirtualService", "wait 10s BREAK remove DestinationRule");
		assertThat(told(course(List.of(), List.of(ACCOUNT, V1), Set.of(ACCOUNT.ref(), V1.ref()), 1)))
			.containsExactly("BREAK remove DestinationRule remove ServiceAccount");
	}

}
