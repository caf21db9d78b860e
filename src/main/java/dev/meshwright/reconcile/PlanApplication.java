package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import dev.meshwright.document.Json;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Key;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.plan.FieldChange;
import dev.meshwright.model.plan.PlannedObject;
import dev.meshwright.model.plan.PlannedUnit;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.PlanRequest;
import dev.meshwright.store.Plans;
import dev.meshwright.store.StoreFailure;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Applies saved plans. The plan is made anew: if what it read has not changed, and it
 * sees and would do the same to every object, its change set is committed, on the
 * condition that nothing that it read changes until then.
 */
@Component
class PlanApplication implements ClusterQuestion {

	private static final int MOST_NAMED = 20;

	private static final String RESOURCE = "resource=";

	private static final String OTHERS = "Something else that it read";

	private final Planning planning;

	private final Plans plans;

	private final Commits commits;

	PlanApplication(Planning planning, Plans plans, Commits commits) {
		this.planning = planning;
		this.plans = plans;
		this.commits = commits;
	}

	@Override
	public Jobs.Task task() {
		return Jobs.Task.APPLY_PLAN;
	}

	@Override
	public Optional<String> answer(Jobs.Claim claim, Lanes lanes) throws InterruptedException {
		JsonNode request = Json.mapper().readTree(claim.request());
		UUID id = UUID.fromString(request.get("plan").asString());
		Plans.Saved plan = find(id);
		if (plan.appliedAt() != null) {
			return Optional.of(result(id));
		}
		if (plan.expired()) {
			throw new Refusal(409, "EXPIRED", "The plan expired at " + plan.expiresAt() + "; make a new one");
		}
		if (!plan.applicable()) {
			throw new Refusal(409, "NOT_APPLICABLE",
					"The plan has errors, or a cluster did not answer; mend what it names and make a new one");
		}
		requireUnread(plan, claim.owner());
		Planning.Planned now = this.planning.plan(PlanRequest.read(plan.request()), within(plan, claim.owner()), lanes);
		requireSame(plan, now.draft());
		AuditLog.Origin origin = new AuditLog.Origin(request.get("action").asString(),
				request.get("remoteAddress").asString());
		ScopedValue.where(AuditLog.Origin.CURRENT, origin).run(() -> apply(claim, plan, now.compilation()));
		return (find(id).appliedAt() != null) ? Optional.of(result(id)) : Optional.empty();
	}

	private Plans.Saved find(UUID id) {
		return this.plans.find(id)
			.orElseThrow(() -> new Refusal(404, "NOT_FOUND", "There is no plan " + id + "; make a new one"));
	}

	private static String result(UUID id) {
		return Json.mapper().writeValueAsString(Map.of("plan", id));
	}

	/** Who applies a plan of everything applies it to what it was made of. */
	private static Caller within(Plans.Saved plan, Caller caller) {
		Set<String> namespaces = new HashSet<>();
		plan.content().units().forEach((unit) -> namespaces.add(unit.namespace()));
		return new Caller(caller.name(), caller.permissions(), NamespaceScope.of(namespaces));
	}

	/** That no committed revision changed what the plan read. */
	private void requireUnread(Plans.Saved plan, Caller caller) {
		Map<Key, Long> changed = this.plans.changed(plan.evidence().reads().stream().map(Key::new).toList(),
				plan.revision());
		if (!changed.isEmpty()) {
			SortedMap<String, Long> resources = new TreeMap<>();
			changed.forEach((key, revision) -> resources.merge(named(key, caller), revision, Math::max));
			if (resources.size() > 1) {
				// found by a key beside its name: the name says it all
				resources.remove(OTHERS);
			}
			throw new Refusal(409, resources.entrySet()
				.stream()
				.limit(MOST_NAMED)
				.map((each) -> new ShapeError("", "CHANGED",
						each.getKey() + " was changed by revision " + each.getValue()
								+ ", after the plan was made at revision " + plan.revision() + "; make a new plan"))
				.toList());
		}
	}

	/** The resource that a key names, if the caller may know of it. */
	private static String named(Key key, Caller caller) {
		String[] parts = key.text().startsWith(RESOURCE) ? key.text().substring(RESOURCE.length()).split("/")
				: new String[0];
		boolean visible = parts.length == 2 || (parts.length == 3 && caller.namespaces().includes(parts[1]));
		return visible ? String.join("/", parts) : OTHERS;
	}

	/** That no live object is seen otherwise, nor would be treated otherwise. */
	private static void requireSame(Plans.Saved plan, Plans.Draft now) {
		Map<String, Map<String, String>> before = plan.evidence().objects();
		Map<String, Map<String, String>> after = now.evidence().objects();
		List<ShapeError> errors = new ArrayList<>();
		Set<String> units = new TreeSet<>(before.keySet());
		units.addAll(after.keySet());
		for (String unit : units) {
			Map<String, String> old = before.getOrDefault(unit, Map.of());
			Map<String, String> fresh = after.getOrDefault(unit, Map.of());
			Set<String> objects = new TreeSet<>(old.keySet());
			objects.addAll(fresh.keySet());
			objects.removeIf((object) -> Objects.equals(old.get(object), fresh.get(object)));
			objects.forEach((object) -> errors.add(new ShapeError("", "CHANGED",
					object + " of " + unit + " is not any more as it was when the plan was made"
							+ detail(now, unit, object) + "; make a new plan")));
		}
		if (!errors.isEmpty()) {
			throw new Refusal(409, errors.subList(0, Math.min(errors.size(), MOST_NAMED)));
		}
		if (!now.applicable()) {
			throw new Refusal(409, "NOT_APPLICABLE", "A cluster does not answer, or errors came up; make a new plan");
		}
	}

	/** What would be done now, and who has the fields. */
	private static String detail(Plans.Draft now, String unit, String title) {
		return now.content()
			.units()
			.stream()
			.filter((each) -> id(each).equals(unit))
			.flatMap((each) -> each.objects().stream())
			.filter((object) -> object.title().equals(title))
			.findFirst()
			.map((object) -> ": it is to " + object.action() + " now" + fields(object))
			.orElse(": it is gone");
	}

	private static String fields(PlannedObject object) {
		return object.changes().isEmpty() ? "" : " "
				+ object.changes().stream().limit(MOST_NAMED).map((change) -> change.pointer() + by(change)).toList();
	}

	private static String by(FieldChange change) {
		return (change.manager() != null) ? " (set by " + change.manager() + ")" : "";
	}

	private static String id(PlannedUnit unit) {
		return new UnitId(unit.cluster(), unit.namespace(), unit.service()).toString();
	}

	private void apply(Jobs.Claim claim, Plans.Saved plan, PlanCompilation compilation) {
		PlanRequest request = PlanRequest.read(plan.request());
		try {
			if (compilation.validation().isPresent()) {
				this.commits.commit(claim.owner(), request.changes(), request.message(), compilation.validation().get(),
						Optional.of(claim));
			}
			else {
				this.plans.apply(claim, plan);
			}
		}
		catch (StoreFailure.ConcurrentChange changed) {
			if (find(plan.id()).appliedAt() == null) {
				throw new Refusal(409, "CONCURRENT_CHANGE", changed.getMessage() + "; make a new plan");
			}
		}
		catch (StoreFailure.PreconditionFailed failed) {
			throw new Refusal(409, failed.resources()
				.entrySet()
				.stream()
				.map((each) -> new ShapeError("", "PRECONDITION_FAILED", each.getKey() + ": " + each.getValue()))
				.toList());
		}
		catch (StoreFailure.AlreadyClaimed claimed) {
			throw new Refusal(409, "ALREADY_CLAIMED", claimed.resource() + " asks for " + claimed.claim()
					+ ", which belongs to another resource; only one may have it");
		}
		catch (StoreFailure.NotFound missing) {
			throw Refusal.notFound(missing.resource());
		}
	}

}
