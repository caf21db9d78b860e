package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.document.Json;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.ownership.AdoptedObject;
import dev.meshwright.model.ownership.AdoptionRequest;
import dev.meshwright.model.ownership.ServiceAdoption;
import dev.meshwright.model.ownership.ServiceAdoption.Obstacle;
import dev.meshwright.model.ownership.ServiceAdoption.OnCluster;
import dev.meshwright.model.plan.FieldOwner;
import dev.meshwright.model.plan.PlannedAction;
import dev.meshwright.model.plan.PlannedObject;
import dev.meshwright.model.plan.PlannedUnit;
import dev.meshwright.store.Adoptions;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.PlanRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Takes over what stands in the way of a service. What that is is found out anew, as a
 * plan finds it out; whoever asks names every object with its uid and every field, so
 * that nothing is taken that he has not seen. The push does it, and looks again.
 */
@Component
class AdoptionQuestion implements ClusterQuestion {

	private final Planning planning;

	private final Adoptions adoptions;

	AdoptionQuestion(Planning planning, Adoptions adoptions) {
		this.planning = planning;
		this.adoptions = adoptions;
	}

	@Override
	public Jobs.Task task() {
		return Jobs.Task.ADOPT;
	}

	@Override
	public Optional<String> answer(Jobs.Claim claim, Lanes lanes) throws InterruptedException {
		AdoptionRequest request = Json.mapper().readValue(claim.request(), AdoptionRequest.class);
		ServiceRef service = request.service();
		Planning.Planned planned = this.planning.plan(
				new PlanRequest("", List.of(), new PlanRequest.Scope(service.namespace(), service.name(), null)),
				claim.owner(), lanes);
		List<OnCluster> found = planned.draft().content().units().stream().map(this::obstacles).toList();
		List<AdoptedObject> named = request.objects();
		if (named == null) {
			return Optional.of(result(true, found));
		}
		String result = result(request.dryRun(), named(named, found));
		if (request.dryRun()) {
			return Optional.of(result);
		}
		AuditLog.Origin origin = new AuditLog.Origin(request.action(), request.remoteAddress());
		ScopedValue.where(AuditLog.Origin.CURRENT, origin)
			.run(() -> this.adoptions.adopt(claim, service, named, result));
		return Optional.empty();
	}

	private static String result(boolean dryRun, List<OnCluster> clusters) {
		return Json.mapper().writeValueAsString(new ServiceAdoption(dryRun, clusters));
	}

	/** What stands in the way of a unit, and is not another unit's. */
	private OnCluster obstacles(PlannedUnit unit) {
		List<PlannedObject> conflicts = unit.objects()
			.stream()
			.filter((object) -> object.action() == PlannedAction.CONFLICT)
			.toList();
		Map<ObjectRef, UnitId> owners = this.adoptions.owners(
				new UnitId(unit.cluster(), unit.namespace(), unit.service()),
				conflicts.stream().map(AdoptionQuestion::ref).toList());
		List<Obstacle> obstacles = conflicts.stream()
			.map((object) -> obstacle(object, Optional.ofNullable(owners.get(ref(object)))))
			.toList();
		return new OnCluster(unit.cluster(), obstacles, message(unit));
	}

	private static @Nullable String message(PlannedUnit unit) {
		if (unit.message() != null) {
			return unit.message();
		}
		return unit.objects()
			.stream()
			.filter((object) -> object.action() == PlannedAction.UNKNOWN)
			.map(PlannedObject::message)
			.findFirst()
			.orElse(null);
	}

	private static ObjectRef ref(PlannedObject object) {
		return new ObjectRef(ObjectKind.of(object.apiVersion(), object.kind()).orElseThrow(), object.namespace(),
				object.name());
	}

	private static Obstacle obstacle(PlannedObject object, Optional<UnitId> owner) {
		boolean adoptable = object.uid() != null && owner.isEmpty();
		String message = owner
			.map((unit) -> object.title() + " belongs to " + unit
					+ "; two declarations must not yield the same object, so rename one of them")
			.orElse(String.valueOf(object.message()));
		return new Obstacle(object.apiVersion(), object.kind(), object.namespace(), object.name(), adoptable,
				adoptable ? object.uid() : null, fields(object), object.conflicts(), object.changes(), message);
	}

	private static List<String> fields(PlannedObject object) {
		return List.copyOf(new TreeSet<>(object.conflicts().stream().map(FieldOwner::field).toList()));
	}

	/**
	 * What was named of what was found.
	 * @throws Refusal something that was named was not found so
	 */
	private static List<OnCluster> named(List<AdoptedObject> named, List<OnCluster> found) {
		List<ShapeError> errors = new ArrayList<>();
		Map<String, List<Obstacle>> taken = new LinkedHashMap<>();
		for (int index = 0; index < named.size(); index++) {
			AdoptedObject object = named.get(index);
			Optional<Obstacle> same = found.stream()
				.filter((cluster) -> cluster.name().equals(object.cluster()))
				.flatMap((cluster) -> cluster.objects().stream())
				.filter((each) -> each.apiVersion().equals(object.apiVersion()) && each.kind().equals(object.kind())
						&& each.namespace().equals(object.namespace()) && each.name().equals(object.name()))
				.findFirst();
			Optional<String> wrong = same.map((obstacle) -> difference(object, obstacle))
				.orElse(Optional.of("nothing of this name stands in the way of the service on cluster "
						+ object.cluster() + " now"));
			String pointer = "/objects/" + index;
			wrong.ifPresent((why) -> errors
				.add(new ShapeError(pointer, "OTHER_FINDING", object.kind() + " " + object.namespace() + "/"
						+ object.name() + ": " + why + "; ask again with dryRun=true and decide on what it says now")));
			same.ifPresent((obstacle) -> taken.computeIfAbsent(object.cluster(), (cluster) -> new ArrayList<>())
				.add(obstacle));
		}
		if (!errors.isEmpty()) {
			throw new Refusal(409, errors);
		}
		return taken.entrySet().stream().map((each) -> new OnCluster(each.getKey(), each.getValue(), null)).toList();
	}

	private static Optional<String> difference(AdoptedObject named, Obstacle found) {
		if (!found.adoptable()) {
			return Optional.of("it cannot be adopted. " + found.message());
		}
		if (!named.uid().equals(found.uid())) {
			return Optional.of("it is another object than the one named: its uid is " + found.uid());
		}
		Set<String> fields = named.adoption().fields();
		return fields.equals(Set.copyOf(found.fields())) ? Optional.empty()
				: Optional.of("the fields that others would lose are not " + fields + ", but " + found.fields());
	}

}
