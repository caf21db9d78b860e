package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

import dev.meshwright.compile.Compilation;
import dev.meshwright.document.CanonicalJson;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.plan.FieldChange;
import dev.meshwright.model.plan.PlannedAction;
import dev.meshwright.model.plan.PlannedObject;
import dev.meshwright.model.plan.PlannedUnit;
import dev.meshwright.model.plan.UpgradePreview;
import dev.meshwright.store.PushProgress;
import dev.meshwright.store.PushState;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Units.Cause;
import dev.meshwright.store.Units.Claim;
import dev.meshwright.store.Upgrades;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a compiler that is held would change: compiles everything that is at
 * rest and compares it with what was pushed. Asks no cluster, and changes nothing.
 */
final class UpgradePreviews {

	/** How many units are held in memory at a time. */
	private static final int PAGE = 200;

	/** More nobody reads; the numbers are of all. */
	private static final int MOST_SHOWN = 100;

	private final BiFunction<UnitId, Snapshot, Compilation> compiler;

	private final Snapshots snapshots;

	private final PushProgress pushes;

	private final Upgrades upgrades;

	UpgradePreviews(BiFunction<UnitId, Snapshot, Compilation> compiler, Snapshots snapshots, PushProgress pushes,
			Upgrades upgrades) {
		this.compiler = compiler;
		this.snapshots = snapshots;
		this.pushes = pushes;
		this.upgrades = upgrades;
	}

	/** Looks anew unless somebody has within that time. */
	void look(int version, Duration every) {
		if (this.upgrades.look(version, every)) {
			Findings findings = new Findings();
			List<UnitId> page = this.upgrades.atRest(null, PAGE);
			while (!page.isEmpty()) {
				compare(page, findings);
				page = this.upgrades.atRest(page.getLast(), PAGE);
			}
			this.upgrades.found(version, CanonicalJson.sha256(findings.evidence), new UpgradePreview(findings.revision,
					findings.units, this.upgrades.pending(), findings.changed, findings.failing, findings.shown));
		}
	}

	/** What was found so far. */
	private static final class Findings {

		private final Map<String, Object> evidence = new TreeMap<>();

		private final List<PlannedUnit> shown = new ArrayList<>();

		private long revision;

		private int units;

		private int changed;

		private int failing;

		void add(PlannedUnit unit, Object evidence) {
			this.evidence.put(unit.cluster() + "/" + unit.namespace() + "/" + unit.service(), evidence);
			if (this.shown.size() < MOST_SHOWN) {
				this.shown.add(unit);
			}
		}

	}

	private void compare(List<UnitId> page, Findings findings) {
		Map<UnitId, PushState> states = this.pushes.states(page);
		this.snapshots.read((snapshot) -> {
			findings.revision = snapshot.revision();
			for (UnitId unit : page) {
				PushState state = states.get(unit);
				if (state != null) {
					compare(new UnitJob(new Claim(unit, Long.MAX_VALUE, 0, Cause.RESYNC, false, 0, false), state,
							this.compiler.apply(unit, snapshot)), findings);
				}
			}
			return page;
		});
	}

	private static void compare(UnitJob job, Findings findings) {
		UnitId unit = job.claim().unit();
		findings.units++;
		if (job.compilation().hasErrors()) {
			findings.failing++;
			String message = String.join("; ",
					job.compilation()
						.diagnostics()
						.stream()
						.filter((each) -> each.isError())
						.map(Object::toString)
						.toList());
			findings.add(unit(unit, UnitForecast.COMPILE_FAILED, message, List.of()), message);
			return;
		}
		Map<String, Object> hashes = new TreeMap<>();
		List<PlannedObject> objects = new ArrayList<>();
		Course course = Course.of(job.situation());
		new TreeMap<>(course.steps()).forEach((ref, step) -> {
			if (step instanceof Step.Write write) {
				objects.add(written(write, job.inventory().get(ref), course));
				hashes.put(ref.toString(), write.hash());
			}
		});
		for (InventoryEntry kept : job.vanished()) {
			objects.add(object(kept.ref(), PlannedAction.ORPHANED, List.of(), List.of()));
			hashes.put(kept.ref().toString(), "");
		}
		if (!objects.isEmpty()) {
			findings.changed++;
			findings.add(unit(unit, null, null, objects), hashes);
		}
	}

	private static PlannedUnit unit(UnitId unit, @Nullable String reason, @Nullable String message,
			List<PlannedObject> objects) {
		return new PlannedUnit(unit.cluster(), unit.namespace(), unit.service(), reason, message, List.of(), objects);
	}

	private static PlannedObject written(Step.Write write, @Nullable InventoryEntry entry, Course course) {
		List<String> phases = course.phases(write.ref())
			.stream()
			.map((phase) -> phase.name().toLowerCase(Locale.ROOT))
			.toList();
		Optional<InventoryEntry> pushed = Optional.ofNullable(entry).filter((it) -> it.uid() != null);
		return pushed.map((it) -> object(write.ref(), PlannedAction.UPDATE, phases, changes(it, write)))
			.orElseGet(() -> object(write.ref(), PlannedAction.CREATE, phases, List.of()));
	}

	private static List<FieldChange> changes(InventoryEntry pushed, Step.Write write) {
		return FieldDiff
			.between(pushed.body(), write.body(), List.of(write.body(), pushed.body()),
					write.shared().pointers(pushed.body()))
			.stream()
			.map((change) -> new FieldChange(change.pointer(), Masking.masked(change.before(), change),
					Masking.masked(change.after(), change), null))
			.toList();
	}

	private static PlannedObject object(ObjectRef ref, PlannedAction action, List<String> phases,
			List<FieldChange> changes) {
		return new PlannedObject(ref.kind().apiVersion(), ref.kind().kind(), ref.namespace(), ref.name(), action,
				phases, false, false, null, null, changes, List.of(), null);
	}

}
