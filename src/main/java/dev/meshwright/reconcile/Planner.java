package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.reconcile.Plan.Reason;
import dev.meshwright.reconcile.Plan.Stage;
import dev.meshwright.reconcile.Plan.Wait;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;

/**
 * Plans the push of one unit: make, switch, break. Pure, and without memory: after every
 * step the same question is asked of the inventory again, so it does not matter where an
 * earlier attempt stopped. Used once.
 */
final class Planner {

	/** What moves requests; taken away before what requests are moved to. */
	private static final Set<ObjectKind> ROUTES = EnumSet.of(ObjectKind.VIRTUAL_SERVICE, ObjectKind.HTTP_ROUTE,
			ObjectKind.INGRESS);

	/** What others need before they are made. */
	private static final Set<ObjectKind> FIRST = EnumSet.of(ObjectKind.SERVICE_ACCOUNT, ObjectKind.ROLE,
			ObjectKind.REQUEST_AUTHENTICATION);

	/** What others need until they are gone. */
	private static final Set<ObjectKind> LAST = EnumSet.of(ObjectKind.SERVICE_ACCOUNT, ObjectKind.ROLE,
			ObjectKind.NAMESPACE);

	/** How often it is looked whether a new account is let in. */
	private static final Duration ADMISSION_POLL = Duration.ofSeconds(1);

	private final Situation situation;

	private final Map<ObjectRef, Pushed> pushed = new HashMap<>();

	private final List<Stage> stages = new ArrayList<>();

	private @Nullable Instant madeAt;

	private @Nullable Instant switchedAt;

	private Planner(Situation situation) {
		this.situation = situation;
		this.madeAt = situation.madeAt();
		this.switchedAt = situation.switchedAt();
		situation.inventory().forEach((ref, entry) -> {
			if (entry.uid() != null) {
				boolean suspect = situation.suspect().contains(ref) || entry.hash() == null;
				this.pushed.put(ref, new Pushed(suspect ? "" : entry.hash(), entry.body(), entry.awaits()));
			}
		});
	}

	static Plan plan(Situation situation) {
		Planner planner = new Planner(situation);
		Optional<Wait> wait = planner.plan();
		return new Plan(List.copyOf(planner.stages), wait);
	}

	private Optional<Wait> plan() {
		make();
		return held().or(this::move).or(this::takeAway);
	}

	/** Nothing moves before all is made. */
	private Optional<Wait> held() {
		return this.situation.held().isEmpty() ? Optional.empty()
				: Optional.of(new Wait(Reason.NOT_ADMITTED, ADMISSION_POLL));
	}

	private void make() {
		List<Step.Write> writes = writes(EnumSet.of(Phase.MAKE), Width.ADDED);
		if (!writes.isEmpty()) {
			stage(Phase.MAKE, List.copyOf(writes), Set.of());
			if (writes.stream().anyMatch(Step.Write::novel)) {
				this.madeAt = this.situation.now();
			}
			if (this.switchedAt != null
					&& writes.stream().anyMatch((write) -> replacesPods(write, entry(write.ref())))) {
				this.switchedAt = this.situation.now();
			}
		}
	}

	/**
	 * Whether pods give way to others: for a while the old ones go on using what they
	 * used, as routes do that moved.
	 * @param entry what the inventory knew before, or null
	 */
	static boolean replacesPods(Step.Write write, @Nullable InventoryEntry entry) {
		return write.ref().kind() == ObjectKind.DEPLOYMENT && entry != null && entry.uid() != null
				&& !Objects.equals(template(write.body()), template(entry.body()));
	}

	private static @Nullable Object template(Map<String, Object> deployment) {
		return (deployment.get("spec") instanceof Map<?, ?> spec) ? spec.get("template") : null;
	}

	private @Nullable InventoryEntry entry(ObjectRef ref) {
		return this.situation.inventory().get(ref);
	}

	/** The switch. The first one breaks nothing, so it waits for nothing. */
	private Optional<Wait> move() {
		List<Step.Write> writes = writes(EnumSet.allOf(Phase.class), Width.WIDE);
		if (writes.isEmpty()) {
			return Optional.empty();
		}
		Set<ObjectRef> awaits = new TreeSet<>();
		if (this.switchedAt != null) {
			Duration left = left(this.madeAt, this.situation.push().beforeSwitch());
			if (left.isPositive()) {
				return Optional.of(new Wait(Reason.BEFORE_SWITCH, left));
			}
			for (Step.Write write : writes) {
				awaits.addAll(write.awaits());
				awaits.removeAll(awaited(write.ref()));
			}
		}
		stage(Phase.SWITCH, List.copyOf(writes), awaits);
		this.switchedAt = this.situation.now();
		return Optional.empty();
	}

	private Set<ObjectRef> awaited(ObjectRef ref) {
		InventoryEntry entry = entry(ref);
		return (entry != null) ? entry.awaits() : Set.of();
	}

	/** The break. Where a route goes, what it led to goes only after a settle time. */
	private Optional<Wait> takeAway() {
		List<Step> routes = new ArrayList<>();
		List<Step> rest = new ArrayList<>(writes(EnumSet.allOf(Phase.class), Width.NARROW));
		for (ObjectRef ref : new TreeSet<>(this.situation.doomed())) {
			(ROUTES.contains(ref.kind()) ? routes : rest).add(new Step.Remove(ref, how(ref)));
		}
		if (routes.isEmpty() && rest.isEmpty()) {
			return Optional.empty();
		}
		boolean inUse = !this.situation.manifests().isEmpty();
		Duration settle = this.situation.push().beforeBreak();
		Duration left = inUse ? left(this.switchedAt, settle) : Duration.ZERO;
		if (left.isPositive()) {
			return Optional.of(new Wait(Reason.BEFORE_BREAK, left));
		}
		if (!routes.isEmpty()) {
			stage(Phase.BREAK, routes, Set.of());
			if (inUse && !rest.isEmpty() && settle.isPositive()) {
				return Optional.of(new Wait(Reason.BEFORE_BREAK, settle));
			}
		}
		// a stage of its own: it may have to wait for routes of others, which never wait
		// for it
		if (!rest.isEmpty()) {
			stage(Phase.BREAK, rest, Set.of());
		}
		return Optional.empty();
	}

	/** Whether an object moves requests: it is taken away first, and nobody needs it. */
	static boolean isRoute(ObjectRef ref) {
		return ROUTES.contains(ref.kind());
	}

	private Step.How how(ObjectRef ref) {
		if (this.situation.push().deletionPolicy() == DeletionPolicy.ORPHAN) {
			return Step.How.FORGET;
		}
		return (ref.kind() == ObjectKind.NAMESPACE) ? Step.How.WITHDRAW : Step.How.DELETE;
	}

	private Duration left(@Nullable Instant since, Duration settle) {
		return (since == null) ? Duration.ZERO : Duration.between(this.situation.now(), since.plus(settle));
	}

	private List<Step.Write> writes(Set<Phase> phases, Width width) {
		List<Step.Write> writes = new ArrayList<>();
		for (Manifest manifest : this.situation.manifests()) {
			Pushed last = this.pushed.get(manifest.ref());
			if (!phases.contains(manifest.phase()) || this.situation.held().contains(manifest.ref())) {
				continue;
			}
			Map<String, Object> body = (last != null) ? width.of(manifest, last.body) : manifest.body();
			// what an item that only changes at the switch awaits is not yet awaited
			Set<ObjectRef> awaits = (last != null && width == Width.ADDED) ? last.awaits : manifest.awaits();
			String hash = CanonicalJson.sha256(body);
			if (last == null || !last.hash.equals(hash)) {
				boolean novel = last == null || Widening.adds(body, last.body, manifest.widened());
				SharedFields shared = (last == null) ? SharedFields.first(manifest)
						: SharedFields.between(last.body, body, manifest);
				writes.add(new Step.Write(manifest.ref(), body, hash, awaits, novel, shared));
				this.pushed.put(manifest.ref(), new Pushed(hash, body, awaits));
			}
		}
		return writes;
	}

	private void stage(Phase phase, List<Step> steps, Set<ObjectRef> awaits) {
		List<List<Step>> waves = new ArrayList<>();
		for (int wave = 0; wave <= 3; wave++) {
			int now = wave;
			List<Step> together = steps.stream().filter((step) -> wave(step) == now).toList();
			if (!together.isEmpty()) {
				waves.add(together);
			}
		}
		this.stages.add(new Stage(phase, waves, awaits));
	}

	/**
	 * Accounts and their rights before what runs under them, and after it on the way out;
	 * a Role before what binds it, since nobody may bind what is not there. Whose tokens
	 * are verified before what demands one. Mutual TLS, and what keeps calls out, before
	 * what lets others in; an ALLOW policy that is new keeps calls out, too.
	 */
	private int wave(Step step) {
		ObjectKind kind = step.ref().kind();
		return switch (step) {
			case Step.Write _ when kind == ObjectKind.NAMESPACE -> 0;
			case Step.Write _ when FIRST.contains(kind) -> 1;
			case Step.Write _ when kind == ObjectKind.ROLE_BINDING || kind == ObjectKind.PEER_AUTHENTICATION -> 2;
			case Step.Write write when kind == ObjectKind.AUTHORIZATION_POLICY
					&& (AccessPolicies.restricts(write.body()) || entry(write.ref()) == null) ->
				2;
			case Step.Write _ -> 3;
			case Step.Remove _ when ROUTES.contains(kind) -> 0;
			case Step.Remove _ when LAST.contains(kind) -> 3;
			case Step.Remove _ -> 2;
		};
	}

	/** How much of what was pushed stays beside what is new in keyed lists. */
	private enum Width {

		/** Old items with their old content, and new items. */
		ADDED,

		/** Old items that are gone, and new and changed ones. */
		WIDE,

		/** What is declared. */
		NARROW;

		Map<String, Object> of(Manifest manifest, Map<String, Object> old) {
			if (manifest.ref().kind() == ObjectKind.PEER_AUTHENTICATION) {
				return (this == NARROW) ? manifest.body() : MutualTls.tighten(manifest.body(), old);
			}
			if (manifest.ref().kind() == ObjectKind.AUTHORIZATION_POLICY && this != NARROW
					&& !AccessPolicies.restricts(manifest.body())) {
				return AccessPolicies.tighten(manifest.body(), old);
			}
			return switch (this) {
				case ADDED -> Widening.add(manifest.body(), old, manifest.widened());
				case WIDE -> Widening.widen(manifest.body(), old, manifest.widened());
				case NARROW -> manifest.body();
			};
		}

	}

	private record Pushed(String hash, Map<String, Object> body, Set<ObjectRef> awaits) {
	}

}
