package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.SyncGate.Closed;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.store.PlanLimit;
import dev.meshwright.store.PushBeginning;
import dev.meshwright.store.PushBeginning.Tombstone;
import dev.meshwright.store.PushState;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Watches.Look;

/**
 * What one worker knows of one unit while it works on it. Filled step by step by one
 * thread.
 */
final class UnitJob {

	private final PushTrace trace;

	private final Claim claim;

	private final PushState state;

	private final Compilation compilation;

	private final List<Manifest> manifests;

	private final Map<ObjectRef, InventoryEntry> inventory = new TreeMap<>();

	private final Set<ObjectRef> suspect = new HashSet<>();

	private final Set<ObjectRef> calmed = new HashSet<>();

	private final List<Tombstone> tombstones = new ArrayList<>();

	private final Set<ObjectRef> orphans = new HashSet<>();

	private final List<ObjectRef> never = new ArrayList<>();

	private final Map<ObjectRef, Drift> drifts = new TreeMap<>();

	private final Map<ObjectRef, Look> looks = new HashMap<>();

	private final Set<ObjectRef> seen = new HashSet<>();

	private final List<Outcome.Failed> heldBack = new ArrayList<>();

	private SortedSet<ObjectRef> notAdmitting = new TreeSet<>();

	private final Set<ObjectRef> held = new HashSet<>();

	private Optional<PlanLimit> limit = Optional.empty();

	private Plan plan = Plan.NOTHING;

	private Optional<Closed> closed = Optional.empty();

	private boolean moved;

	private Optional<Outcome.Failed> obstacle = Optional.empty();

	/** Of something that is no push. */
	UnitJob(Claim claim, PushState state, Compilation compilation) {
		this(claim, state, compilation, PushTrace.none());
	}

	UnitJob(Claim claim, PushState state, Compilation compilation, PushTrace trace) {
		this.trace = trace;
		this.claim = claim;
		this.state = state;
		this.compilation = compilation;
		this.manifests = compilation.manifests().stream().map((manifest) -> manifest.at(state.now())).toList();
		for (InventoryEntry entry : state.inventory()) {
			this.inventory.put(entry.ref(), entry);
			if (entry.intentFence() != null) {
				this.suspect.add(entry.ref());
			}
			if (entry.orphaned() && !wanted().contains(entry.ref())) {
				this.orphans.add(entry.ref());
			}
		}
	}

	PushTrace trace() {
		return this.trace;
	}

	Claim claim() {
		return this.claim;
	}

	PushState state() {
		return this.state;
	}

	Compilation compilation() {
		return this.compilation;
	}

	Plan plan() {
		return this.plan;
	}

	/** When the first of the leases that are in force ends by itself. */
	Optional<Instant> leaseEnds() {
		return this.manifests.stream()
			.flatMap((manifest) -> manifest.leases().stream())
			.flatMap((lease) -> Optional.ofNullable(lease.expiresAt()).stream())
			.min(Instant::compareTo);
	}

	/** Whether the snapshot has no declaration of the cluster. */
	boolean isClusterGone() {
		return !this.compilation.generations().containsKey(ResourceId.cluster(this.claim.unit().cluster()));
	}

	/** Why nothing can be pushed at all, if so. */
	Optional<Outcome.Failed> obstacle() {
		return this.obstacle;
	}

	void obstruct(Outcome.Failed obstacle) {
		this.obstacle = Optional.of(obstacle);
		this.plan = Plan.NOTHING;
	}

	Map<ObjectRef, InventoryEntry> inventory() {
		return this.inventory;
	}

	/** Objects that are to be applied whatever their hash says. */
	Set<ObjectRef> suspect() {
		return this.suspect;
	}

	/** Objects that others changed or fought over, and that are as they were pushed. */
	Set<ObjectRef> calmed() {
		return this.calmed;
	}

	/** What the watches say of its objects. */
	Map<ObjectRef, Look> looks() {
		return this.looks;
	}

	/** Objects that others changed or deleted. */
	Map<ObjectRef, Drift> drifts() {
		return this.drifts;
	}

	/** Objects that were seen to be as they were pushed. */
	Set<ObjectRef> seen() {
		return this.seen;
	}

	/** Objects that are not set right yet, because others change them again and again. */
	List<Outcome.Failed> heldBack() {
		return this.heldBack;
	}

	/** An object was looked at: what is known of its versions is what was seen. */
	void looked(InventoryEntry entry, LiveObject live, String ownedHash) {
		this.inventory.put(entry.ref(),
				new InventoryEntry(entry.ref(), entry.uid(), live.resourceVersion(), entry.hash(), ownedHash,
						entry.body(), entry.awaits(), entry.revision(), entry.intentFence(), entry.intentHash(),
						entry.orphaned(), entry.tombstoned(), entry.forced(), entry.forcedAt(), entry.rewritten()));
	}

	/** Objects kept although nothing yields them. */
	Set<ObjectRef> orphans() {
		return this.orphans;
	}

	/** Intents of which nothing came, for objects that are not wanted any more. */
	List<ObjectRef> never() {
		return this.never;
	}

	/** What an object that is yielded needs of other services, as texts. */
	Set<String> needs(ObjectRef ref) {
		return this.compilation.manifests()
			.stream()
			.filter((manifest) -> manifest.ref().equals(ref))
			.flatMap((manifest) -> manifest.needs().stream())
			.map(Manifest.Need::key)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	Set<ObjectRef> wanted() {
		Set<ObjectRef> wanted = new HashSet<>();
		this.compilation.manifests().stream().map(Manifest::ref).forEach(wanted::add);
		return wanted;
	}

	/**
	 * Objects of the inventory that are not yielded any more and about which nothing is
	 * decided; none when there are errors: the last good ones are kept then.
	 */
	List<InventoryEntry> vanished() {
		if (this.compilation.hasErrors()) {
			return List.of();
		}
		Set<ObjectRef> wanted = wanted();
		return this.inventory.values()
			.stream()
			.filter((entry) -> !wanted.contains(entry.ref()) && !entry.tombstoned() && !entry.orphaned())
			.toList();
	}

	/** An object turned out to be there, or not, of which only an intent was known. */
	void found(InventoryEntry entry, Optional<String> uid) {
		this.inventory.remove(entry.ref());
		if (uid.isEmpty()) {
			this.never.add(entry.ref());
			return;
		}
		this.inventory.put(entry.ref(), new InventoryEntry(entry.ref(), uid.get(), null, null, "", Map.of(), Set.of(),
				entry.revision(), entry.intentFence(), entry.intentHash(), false, false, 0, null));
	}

	/** A committed revision is the reason that these objects are to go. */
	void bury(List<InventoryEntry> entries, long revision) {
		for (InventoryEntry entry : entries) {
			if (this.limit.filter((plan) -> !plan.removals().contains(entry.ref())).isPresent()) {
				this.held.add(entry.ref());
			}
			else if (entry.uid() != null) {
				this.tombstones.add(new Tombstone(entry.ref(), entry.uid(), revision));
			}
		}
	}

	/**
	 * The revision by which all goes that is to go, where this attempt has found it out.
	 */
	OptionalLong buriedBy() {
		return this.inventory.values().stream().anyMatch(InventoryEntry::tombstoned) ? OptionalLong.empty()
				: this.tombstones.stream().mapToLong(Tombstone::revision).max();
	}

	/** No committed revision is: they stay. */
	void orphan(List<InventoryEntry> entries) {
		entries.forEach((entry) -> this.orphans.add(entry.ref()));
	}

	/** Policies that do not let in the new account of the pods yet. */
	SortedSet<ObjectRef> notAdmitting() {
		return this.notAdmitting;
	}

	/** The pods' account that is to change, if it is. */
	Optional<AccountChange> accountChange() {
		return AccountChange.of(this.compilation.manifests(), this.inventory.values());
	}

	/** Keeps the account of the pods while policies do not let in the new one. */
	void hold(SortedSet<ObjectRef> policies) {
		this.notAdmitting = policies;
	}

	private Set<ObjectRef> waiting() {
		return this.notAdmitting.isEmpty() ? Set.of()
				: accountChange().<Set<ObjectRef>>map(AccountChange::deployments).orElse(Set.of());
	}

	/** An applied plan, as long as no later revision concerns the unit, is the limit. */
	void limit(Optional<PlanLimit> limit) {
		this.limit = limit;
	}

	/** Objects that would go, but not by the plan that was applied. */
	Set<ObjectRef> held() {
		return this.held;
	}

	/** What is to be done about an object that is somebody else's. */
	private Takeovers.Foreign foreign(ObjectRef ref) {
		if (this.compilation.push().conflictPolicy() != ConflictPolicy.TAKE_OVER) {
			return Takeovers.Foreign.LEAVE;
		}
		return this.limit.filter((plan) -> !plan.takeovers().contains(ref)).isPresent() ? Takeovers.Foreign.HOLD
				: Takeovers.Foreign.TAKE_OVER;
	}

	/** What of others this push may take over. */
	Takeovers takeovers() {
		return new Takeovers(this::foreign, this.state.adoptions());
	}

	/** Plans from all that is known now. */
	void makePlan() {
		this.plan = Planner.plan(situation());
	}

	/**
	 * Keeps back what was planned.
	 * @param moved whether that is nothing but a break
	 */
	void close(Closed closed, Plan.Wait wait, boolean moved) {
		this.closed = Optional.of(closed);
		this.moved = moved;
		this.plan = new Plan(List.of(), Optional.of(wait));
	}

	/** The pause or sync window that keeps back what was planned. */
	Optional<Closed> closed() {
		return this.closed;
	}

	/** Whether nothing but a break is kept back. */
	boolean isMoved() {
		return this.moved;
	}

	/** All that is known now. */
	Situation situation() {
		Set<ObjectRef> doomed = new HashSet<>();
		Set<ObjectRef> wanted = wanted();
		this.tombstones.forEach((tombstone) -> doomed.add(tombstone.ref()));
		this.inventory.values()
			.stream()
			.filter((entry) -> entry.tombstoned() && !wanted.contains(entry.ref()))
			.forEach((entry) -> doomed.add(entry.ref()));
		return new Situation(this.manifests, this.compilation.push(), this.inventory, doomed, this.suspect, waiting(),
				this.state.madeAt(), this.state.switchedAt(), this.state.now());
	}

	/** One for each object, also where several stages of the plan write it: the last. */
	private List<PushBeginning.Intent> intents() {
		Map<ObjectRef, PushBeginning.Intent> last = new LinkedHashMap<>();
		this.plan.writes()
			.forEach((write) -> last.put(write.ref(),
					new PushBeginning.Intent(write.ref(), write.hash(), needs(write.ref()))));
		return List.copyOf(last.values());
	}

	/** What the store must know before the first call. */
	PushBeginning beginning(int compilerVersion) {
		Set<ObjectRef> wantedAgain = new HashSet<>();
		Set<ObjectRef> wanted = wanted();
		this.inventory.values()
			.stream()
			.filter((entry) -> (entry.tombstoned() || entry.orphaned()) && wanted.contains(entry.ref()))
			.forEach((entry) -> wantedAgain.add(entry.ref()));
		boolean compiled = !this.compilation.hasErrors() && (this.obstacle.isEmpty() || vanished().isEmpty())
				&& this.held.isEmpty();
		return new PushBeginning(this.claim, this.compilation.revision(), compilerVersion, compiled,
				this.compilation.reads(), intents(), List.copyOf(this.tombstones), Set.copyOf(this.orphans),
				wantedAgain, compiled || this.compilation.hasErrors() || !this.held.isEmpty(),
				AccountChange.accounts(this.compilation.manifests()));
	}

}
