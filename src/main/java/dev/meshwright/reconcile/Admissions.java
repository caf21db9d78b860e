package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.meshwright.model.Manifest.Need;
import dev.meshwright.model.UnitId;
import dev.meshwright.reconcile.Plan.Reason;
import dev.meshwright.reconcile.Plan.Stage;
import dev.meshwright.reconcile.Plan.Wait;
import dev.meshwright.store.PushProgress;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a stage has to wait for because of other units of the cluster. A switch waits for
 * what others make, which waits for nobody. A break waits for routes of others, whose
 * switches and deletions never wait for a break. So there is no circle.
 */
record Admissions(PushProgress pushes, Grants grants) {

	/** The other unit's end wakes this one; this is for when that went amiss. */
	private static final Duration POLL = Duration.ofSeconds(5);

	Optional<Wait> of(UnitJob job, Stage stage) {
		return switch (stage.phase()) {
			case MAKE -> Optional.empty();
			case SWITCH -> needs(job, stage);
			case BREAK -> needed(job, stage).or(() -> held(job, stage));
		};
	}

	private Optional<Wait> needs(UnitJob job, Stage stage) {
		Set<Need> needs = job.compilation()
			.manifests()
			.stream()
			.filter((manifest) -> stage.steps().stream().anyMatch((step) -> step.ref().equals(manifest.ref())))
			.flatMap((manifest) -> manifest.needs().stream())
			.collect(Collectors.toCollection(TreeSet::new));
		Set<Need> missing = this.pushes.missing(job.claim().unit(), needs);
		if (missing.isEmpty()) {
			return Optional.empty();
		}
		String cluster = job.claim().unit().cluster();
		Set<UnitId> makers = missing.stream()
			.map((need) -> new UnitId(cluster, need.ref().namespace(), need.ref().name()))
			.collect(Collectors.toCollection(TreeSet::new));
		return Optional.of(new Wait(Reason.NEEDS, POLL,
				"requests stay where they are until there is "
						+ missing.stream().map(Admissions::named).collect(Collectors.joining(", "))
						+ "; see the status of " + names(makers),
				makers));
	}

	private static String named(Need need) {
		return need.subset().isEmpty() ? need.ref().toString() : "subset " + need.subset() + " of " + need.ref();
	}

	private static String names(Set<UnitId> units) {
		return units.stream()
			.map((unit) -> "Service " + unit.namespace() + "/" + unit.service())
			.collect(Collectors.joining(", "));
	}

	private Optional<Wait> needed(UnitJob job, Stage stage) {
		Set<String> going = going(job, stage);
		if (going.isEmpty()) {
			return Optional.empty();
		}
		PushProgress.Use use = this.pushes.use(job.claim().unit(), going);
		if (!use.units().isEmpty()) {
			return Optional.of(new Wait(Reason.NEEDED, POLL,
					"what is no longer declared stays while routes of " + names(use.units()) + " lead to it",
					use.units()));
		}
		Duration settle = job.compilation().push().beforeBreak();
		return (use.waited() && settle.isPositive()) ? Optional.of(new Wait(Reason.BEFORE_BREAK, settle))
				: Optional.empty();
	}

	/**
	 * Objects that are removed and subsets that are narrowed away, as needs name them.
	 */
	private static Set<String> going(UnitJob job, Stage stage) {
		Set<String> going = new TreeSet<>();
		for (Step step : stage.steps()) {
			switch (step) {
				case Step.Remove remove when !Planner.isRoute(remove.ref()) -> going.add(remove.ref().toString());
				case Step.Remove _ -> {
				}
				case Step.Write write -> {
					@Nullable InventoryEntry entry = job.inventory().get(write.ref());
					Set<String> gone = new HashSet<>(subsets((entry != null) ? entry.body() : Map.of()));
					subsets(write.body()).forEach(gone::remove);
					gone.forEach((subset) -> going.add(new Need(write.ref(), subset).key()));
				}
			}
		}
		return going;
	}

	private static List<String> subsets(Map<String, Object> body) {
		return (body.get("spec") instanceof Map<?, ?> spec && spec.get("subsets") instanceof List<?> subsets)
				? subsets.stream()
					.filter(Map.class::isInstance)
					.map((subset) -> String.valueOf(((Map<?, ?>) subset).get("name")))
					.toList()
				: List.of();
	}

	/**
	 * Nothing of a break is done while its deletions are held: what is narrowed may be in
	 * use by what stays.
	 */
	private Optional<Wait> held(UnitJob job, Stage stage) {
		boolean deletes = stage.steps()
			.stream()
			.anyMatch((step) -> step instanceof Step.Remove remove && remove.how() != Step.How.FORGET);
		return deletes ? Holding.wait(job.claim().unit(), this.grants.admit(job.claim().unit(), job.buriedBy()))
				: Optional.empty();
	}

}
