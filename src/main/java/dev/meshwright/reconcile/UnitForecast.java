package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.meshwright.compile.SyncGate.Closed;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.plan.PlannedAction;
import dev.meshwright.model.plan.PlannedObject;
import dev.meshwright.model.plan.PlannedUnit;
import dev.meshwright.model.plan.PlannedWait;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.Plans;

/**
 * What a push would do for one unit.
 *
 * @param unit as it is shown
 * @param evidence by object a hash of what was seen of it and would be done to it
 * @param freshDeletes how many objects would be deleted of which no tombstone says so yet
 */
record UnitForecast(PlannedUnit unit, Map<String, String> evidence, int freshDeletes) {

	private static final Set<PlannedAction> REMOVALS = EnumSet.of(PlannedAction.DELETE, PlannedAction.HELD,
			PlannedAction.RELEASE);

	static final String COMPILE_FAILED = "CompileFailed";

	/** Of a unit that was prepared. */
	static UnitForecast of(UnitJob job, Access.Open open, ClusterLane lane, Stamps stamps,
			Map<ObjectRef, Set<String>> former, boolean namespaceThere) throws InterruptedException {
		if (job.obstacle().isPresent()) {
			Outcome.Failed obstacle = job.obstacle().get();
			return unknown(job, obstacle.reason(), obstacle.message());
		}
		boolean failed = job.compilation().hasErrors();
		Course course = failed ? new Course(List.of()) : Course.of(job.situation());
		Map<ObjectRef, Step> steps = course.steps();
		ObjectForecast objects = new ObjectForecast(job, course, open.gateway(), lane, stamps, former);
		Set<ObjectRef> refs = new TreeSet<>(steps.keySet());
		refs.addAll(job.inventory().keySet());
		List<Callable<Optional<ObjectForecast.Seen>>> calls = refs
			.stream().<Callable<Optional<ObjectForecast
					.Seen>>>map((ref) -> () -> objects.of(ref, steps.get(ref)))
			.toList();
		List<PlannedObject> shown = new ArrayList<>();
		Map<String, String> evidence = new TreeMap<>();
		for (Optional<ObjectForecast.Seen> seen : lane.all(calls)) {
			seen.ifPresent((found) -> {
				shown.add(found.object());
				evidence.put(found.object().title(), found.evidence());
			});
		}
		return new UnitForecast(
				new PlannedUnit(job.claim().unit().cluster(), job.claim().unit().namespace(),
						job.claim().unit().service(), failed ? COMPILE_FAILED : null,
						failed ? Programmed.ERRORS.message() : null, waits(job, course, namespaceThere), shown),
				evidence, freshDeletes(job, shown));
	}

	/** Of a unit whose cluster would not be declared any more: everything stays there. */
	static UnitForecast letGo(UnitJob job) {
		List<PlannedObject> shown = new ArrayList<>();
		Map<String, String> evidence = new TreeMap<>();
		job.inventory().values().stream().filter((entry) -> entry.uid() != null).forEach((entry) -> {
			PlannedObject object = new PlannedObject(entry.ref().kind().apiVersion(), entry.ref().kind().kind(),
					entry.ref().namespace(), entry.ref().name(), PlannedAction.RELEASE, List.of(), false, false, null,
					null, List.of(), List.of(), null);
			shown.add(object);
			evidence.put(object.title(), object.action() + " " + entry.uid());
		});
		return new UnitForecast(new PlannedUnit(job.claim().unit().cluster(), job.claim().unit().namespace(),
				job.claim().unit().service(), null, null, List.of(), shown), evidence, 0);
	}

	/** Of a unit of which the cluster says nothing. */
	static UnitForecast unknown(UnitJob job, String reason, String message) {
		return new UnitForecast(new PlannedUnit(job.claim().unit().cluster(), job.claim().unit().namespace(),
				job.claim().unit().service(), reason, message, List.of(), List.of()), Map.of(), 0);
	}

	private static int freshDeletes(UnitJob job, List<PlannedObject> objects) {
		return (int) refs(objects, (object) -> object.action() == PlannedAction.DELETE).stream()
			.filter((ref) -> job.inventory().containsKey(ref) && !job.inventory().get(ref).tombstoned())
			.count();
	}

	/** Whether anything would be deleted. */
	boolean deletes() {
		return this.unit.objects().stream().anyMatch((object) -> object.action() == PlannedAction.DELETE);
	}

	/** The same where deletions would be held until an operator releases them. */
	UnitForecast held(String message) {
		List<PlannedObject> objects = this.unit.objects()
			.stream()
			.map((object) -> (object.action() != PlannedAction.DELETE) ? object
					: new PlannedObject(object.apiVersion(), object.kind(), object.namespace(), object.name(),
							PlannedAction.HELD, object.phases(), object.takeOver(), object.verified(), Programmed.HELD,
							message, object.changes(), object.conflicts(), object.uid()))
			.toList();
		return new UnitForecast(new PlannedUnit(this.unit.cluster(), this.unit.namespace(), this.unit.service(),
				this.unit.reason(), this.unit.message(), this.unit.waits(), objects), this.evidence, this.freshDeletes);
	}

	/** What the unit may take away and take over when the plan is applied. */
	Plans.Allowed allowed(UnitId id) {
		return Plans.Allowed.of(id, refs(this.unit.objects(), (object) -> REMOVALS.contains(object.action())),
				refs(this.unit.objects(), PlannedObject::takeOver));
	}

	private static Set<ObjectRef> refs(List<PlannedObject> objects, Predicate<PlannedObject> which) {
		return objects.stream()
			.filter(which)
			.map((object) -> new ObjectRef(ObjectKind.of(object.apiVersion(), object.kind()).orElseThrow(),
					object.namespace(), object.name()))
			.collect(Collectors.toSet());
	}

	private static List<PlannedWait> waits(UnitJob job, Course course, boolean namespaceThere) {
		List<PlannedWait> waits = new ArrayList<>();
		if (!namespaceThere && !job.claim().unit().isNamespace() && !course.legs().isEmpty()) {
			waits.add(new PlannedWait(phase(course.legs().getFirst()), "Namespace", null,
					List.of(PushEnds.namespace(job).toString())));
		}
		course.legs()
			.stream()
			.findFirst()
			.ifPresent((leg) -> job.closed().ifPresent((closed) -> waits.add(closed(leg, closed, job.state().now()))));
		for (Course.Leg leg : course.legs()) {
			leg.before()
				.ifPresent((wait) -> waits
					.add(new PlannedWait(phase(leg), "SettleTime", seconds(wait.left()), List.of())));
			if (!leg.stage().awaits().isEmpty()) {
				waits.add(new PlannedWait(phase(leg), "AvailableReplica", null,
						new TreeSet<>(leg.stage().awaits()).stream().map(ObjectRef::toString).toList()));
			}
		}
		return waits;
	}

	private static PlannedWait closed(Course.Leg first, Closed closed, Instant now) {
		return new PlannedWait(phase(first), Programmed.reason(closed),
				closed.until().map((until) -> seconds(Duration.between(now, until))).orElse(null), List.of());
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	private static String phase(Course.Leg leg) {
		return leg.stage().phase().name().toLowerCase(Locale.ROOT);
	}

}
