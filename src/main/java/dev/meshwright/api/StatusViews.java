package dev.meshwright.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Condition.Type;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Backlogs;
import dev.meshwright.store.Facts;
import dev.meshwright.store.Halts;
import dev.meshwright.store.Statuses;
import dev.meshwright.store.Statuses.UnitStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Sums up what units report: False beats Unknown, Unknown beats True (of Drifted the
 * other way round), a reason that says something beats the plain one of another cluster,
 * and what has not been looked at since the last change is Unknown.
 */
@Component
class StatusViews {

	/** The reason of what holds for no service, and so is never reported of. */
	static final String NOT_USED = "NotUsed";

	private static final List<Type> SUMMED = List.of(Type.COMPILED, Type.PLACED, Type.PROGRAMMED, Type.CONVERGED,
			Type.DRIFTED, Type.READY);

	private static final Comparator<Said> LEAST_TELLING_FIRST = Comparator.comparingInt(Said::gravity)
		.thenComparing((said) -> !said.condition.plain())
		.thenComparing(Said::isForAllClusters)
		.thenComparing((said) -> said.condition.lastTransitionTime());

	/** How many waiting units of a cluster are asked why. */
	private static final int MOST_LOOKED_AT = 1000;

	private final Statuses statuses;

	private final Facts facts;

	private final Halts halts;

	private final BackupViews backups;

	private final Backlogs backlogs;

	StatusViews(Statuses statuses, Facts facts, Halts halts, BackupViews backups, Backlogs backlogs) {
		this.backlogs = backlogs;
		this.statuses = statuses;
		this.facts = facts;
		this.halts = halts;
		this.backups = backups;
	}

	StatusView of(Resource<?> resource) {
		return of(List.of(resource)).get(resource.id());
	}

	/**
	 * The status of one; of a Cluster also what waits there, as far as the caller may see
	 * it.
	 */
	StatusView of(Caller caller, Resource<?> resource) {
		StatusView view = of(resource);
		return (resource.id().kind() != Kind.CLUSTER) ? view
				: view.with(StatusView.Work.of(this.backlogs.stuck(caller, resource.id().name(), MOST_LOOKED_AT)));
	}

	/** The status of each, in as many queries as for one. */
	Map<ResourceId, StatusView> of(Collection<? extends Resource<?>> resources) {
		List<ResourceId> ids = resources.stream().<ResourceId>map(Resource::id).toList();
		List<String> clusters = ids.stream().filter((id) -> id.kind() == Kind.CLUSTER).map(ResourceId::name).toList();
		Map<String, Facts.Known> known = clusters.isEmpty() ? Map.of() : this.facts.of(clusters);
		Map<String, Halts.Halt> halted = clusters.isEmpty() ? Map.of() : this.halts.of(clusters);
		Map<ResourceId, List<UnitStatus>> units = this.statuses.read(resources);
		Set<ResourceId> unused = this.statuses.unused(resources);
		Map<ResourceId, StatusView> views = new HashMap<>();
		resources.forEach((resource) -> views.put(resource.id(),
				view(resource, units.getOrDefault(resource.id(), List.of()), unused.contains(resource.id()),
						Optional.ofNullable(known.get(resource.id().name())),
						Optional.ofNullable(halted.get(resource.id().name())))));
		this.backups.add(resources, views);
		return views;
	}

	private static StatusView view(Resource<?> resource, List<UnitStatus> units, boolean unused,
			Optional<Facts.Known> known, Optional<Halts.Halt> halt) {
		long generation = resource.metadata().generation();
		Instant created = resource.metadata().creationTimestamp();
		List<Condition> conditions = new ArrayList<>();
		conditions
			.add(new Condition(Type.ACCEPTED, Status.TRUE, "Stored", "The declaration is stored", generation, created));
		if (resource.id().kind() == Kind.CLUSTER) {
			conditions
				.add(halt.map((it) -> halted(it, generation)).orElseGet(() -> reachable(known, generation, created)));
			return new StatusView(generation, conditions, clusters(units), found(known, halt), null, null);
		}
		boolean idle = unused && isWorkedOff(resource, units);
		SUMMED
			.forEach(
					(type) -> conditions.add((idle && !(type == Type.COMPILED && !units.isEmpty()))
							? new Condition(type, Status.UNKNOWN, NOT_USED,
									"No service is there that it could hold for", generation, created)
							: sum(type, units, generation, created)));
		return new StatusView(units.stream().mapToLong(UnitStatus::observedGeneration).min().orElse(0), conditions,
				clusters(units), null, null, null);
	}

	private static List<StatusView.ClusterStatus> clusters(List<UnitStatus> units) {
		return units.stream().filter((unit) -> !unit.cluster().isEmpty()).map(StatusViews::cluster).toList();
	}

	/**
	 * A namespace's placement looks at its defaults, also where there is no service; at
	 * the platform's nobody does then.
	 */
	private static boolean isWorkedOff(Resource<?> resource, List<UnitStatus> units) {
		return (resource.id().namespace().isEmpty() || !units.isEmpty())
				&& !isBehind(units, resource.metadata().generation());
	}

	private static boolean isBehind(List<UnitStatus> units, long generation) {
		return units.stream().anyMatch((unit) -> unit.observedGeneration() < generation);
	}

	private static StatusView.ClusterStatus cluster(UnitStatus unit) {
		return new StatusView.ClusterStatus(unit.cluster(), unit.observedGeneration(), unit.pending(),
				unit.conditions(), unit.diagnostics().stream().map(Warning::of).toList());
	}

	private static Condition sum(Type type, List<UnitStatus> units, long generation, Instant created) {
		if (units.isEmpty() || isBehind(units, generation)) {
			return new Condition(type, Status.UNKNOWN, "Pending", "The declaration has not been worked off yet",
					generation, created);
		}
		return units.stream()
			.flatMap((unit) -> unit.conditions()
				.stream()
				.filter((condition) -> condition.type() == type)
				.map((condition) -> new Said(unit.cluster(), condition)))
			.max(LEAST_TELLING_FIRST)
			.map(Said::named)
			.orElseGet(() -> new Condition(type, Status.UNKNOWN, "NotReported", "Nothing has been reported yet",
					generation, created));
	}

	private static Condition halted(Halts.Halt halt, long generation) {
		return new Condition(Type.READY, Status.FALSE, halt.reason().toString(), halt.message(), generation,
				halt.since());
	}

	private static Condition reachable(Optional<Facts.Known> known, long generation, Instant created) {
		return known.map((fact) -> fact.reachable()
				? new Condition(Type.READY, Status.TRUE, "Reachable", "The API server answers", generation,
						fact.checkedAt())
				: new Condition(Type.READY, Status.FALSE, "Unreachable", fact.message(), generation, fact.checkedAt()))
			.orElseGet(() -> new Condition(Type.READY, Status.UNKNOWN, "Pending",
					"The cluster has not been reached yet", generation, created));
	}

	private static StatusView.@Nullable Found found(Optional<Facts.Known> known, Optional<Halts.Halt> halt) {
		return known.map((fact) -> {
			@Nullable ClusterFacts facts = fact.facts();
			return new StatusView.Found(fact.reachable(), (facts != null) ? facts.kubernetesVersion() : null,
					(facts != null) ? facts.clusterUid() : null, (facts != null) ? groups(facts) : List.of(),
					halt.map(StatusView.HaltView::of).orElse(null));
		}).orElse(null);
	}

	private static List<String> groups(ClusterFacts facts) {
		return facts.apis().stream().map((api) -> api.substring(0, api.lastIndexOf('/'))).distinct().sorted().toList();
	}

	/**
	 * A condition and who reports it.
	 *
	 * @param cluster the cluster; empty for the placement
	 * @param condition what is reported
	 */
	private record Said(String cluster, Condition condition) {

		/** Drift is the one thing that had better not be true. */
		int gravity() {
			boolean inverse = this.condition.type() == Type.DRIFTED;
			return switch (this.condition.status()) {
				case TRUE -> inverse ? 2 : 0;
				case UNKNOWN -> 1;
				case FALSE -> inverse ? 0 : 2;
			};
		}

		/**
		 * Where all is well the placement names every cluster, each unit only its own.
		 */
		boolean isForAllClusters() {
			return this.cluster.isEmpty() && this.condition.plain();
		}

		/** With the cluster's name, unless it is what every other says, too. */
		Condition named() {
			return (this.cluster.isEmpty() || this.condition.message().isEmpty() || this.condition.plain())
					? this.condition
					: new Condition(this.condition.type(), this.condition.status(), this.condition.reason(),
							this.cluster + ": " + this.condition.message(), this.condition.observedGeneration(),
							this.condition.lastTransitionTime());
		}

	}

}
