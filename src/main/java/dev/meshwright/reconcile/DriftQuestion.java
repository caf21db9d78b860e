package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.meshwright.cluster.ClusterFailure;
import dev.meshwright.cluster.LiveObject;
import dev.meshwright.document.Json;
import dev.meshwright.model.FieldLease;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceDrift;
import dev.meshwright.model.ServiceDrift.DriftedObject;
import dev.meshwright.model.ServiceDrift.LeasedField;
import dev.meshwright.model.ServiceDrift.OnCluster;
import dev.meshwright.model.ServiceDrift.RewrittenField;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.reconcile.ClusterAccess.Access;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.PushProgress;
import dev.meshwright.store.PushState;
import dev.meshwright.store.PushState.InventoryEntry;
import dev.meshwright.store.PushState.Rewritten;
import dev.meshwright.store.Statuses;
import dev.meshwright.store.Statuses.UnitStatus;

import org.springframework.stereotype.Component;

/** Compares the live objects of a service with what was pushed, and changes nothing. */
@Component
class DriftQuestion implements ClusterQuestion {

	private final Statuses statuses;

	private final PushProgress pushes;

	private final ClusterAccess access;

	DriftQuestion(Statuses statuses, PushProgress pushes, ClusterAccess access) {
		this.statuses = statuses;
		this.pushes = pushes;
		this.access = access;
	}

	@Override
	public Jobs.Task task() {
		return Jobs.Task.DRIFT;
	}

	@Override
	public Optional<String> answer(Jobs.Claim claim, Lanes lanes) throws InterruptedException {
		ServiceRef service = Json.mapper().readValue(claim.request(), ServiceRef.class);
		if (!claim.owner().namespaces().includes(service.namespace())) {
			throw Refusal.notFound("Service " + service);
		}
		List<OnCluster> clusters = new ArrayList<>();
		for (UnitStatus unit : this.statuses.of(ResourceId.service(service.namespace(), service.name()))) {
			if (!unit.cluster().isEmpty()) {
				clusters.add(compare(new UnitId(unit.cluster(), service.namespace(), service.name()), lanes));
			}
		}
		return Optional.of(Json.mapper().writeValueAsString(new ServiceDrift(clusters)));
	}

	private OnCluster compare(UnitId unit, Lanes lanes) throws InterruptedException {
		PushState state = this.pushes.states(List.of(unit)).get(unit);
		if (state == null) {
			return OnCluster.unread(unit.cluster(), "nothing was pushed yet");
		}
		return switch (this.access.open(unit.cluster())) {
			case Access.Shut shut -> OnCluster.unread(unit.cluster(), shut.message());
			case Access.Open open -> compare(unit.cluster(), state.inventory(),
					new LiveView(open.gateway(), lanes.to(unit.cluster()), true));
		};
	}

	private static OnCluster compare(String cluster, List<InventoryEntry> inventory, LiveView live)
			throws InterruptedException {
		List<DriftedObject> objects = new ArrayList<>();
		List<LeasedField> leased = new ArrayList<>();
		List<RewrittenField> rewritten = new ArrayList<>();
		int compared = 0;
		try {
			for (InventoryEntry entry : inventory) {
				if (entry.uid() != null && entry.hash() != null) {
					Optional<LiveObject> found = live.find(entry.ref());
					Optional<Drift> drift = Drift.of(entry, found);
					drift.map(DriftQuestion::object).ifPresent(objects::add);
					found.ifPresent((it) -> {
						leased.addAll(leased(it));
						rewritten.addAll(rewritten(entry, it, drift));
					});
					compared++;
				}
			}
			return new OnCluster(cluster, compared, objects, leased, rewritten, "");
		}
		catch (ClusterFailure failure) {
			return new OnCluster(cluster, compared, objects, leased, rewritten, String.valueOf(failure.getMessage()));
		}
	}

	private static DriftedObject object(Drift drift) {
		return new DriftedObject(drift.ref().kind().apiVersion(), drift.ref().kind().kind(), drift.ref().namespace(),
				drift.ref().name(), drift.missing(),
				drift.fields()
					.stream()
					.map((field) -> new ServiceDrift.Field(field.path(), field.declared(), field.live(),
							field.manager(), field.leasedTo()))
					.toList());
	}

	private static List<LeasedField> leased(LiveObject live) {
		return FieldLease.of(live.body())
			.stream()
			.map((lease) -> new LeasedField(live.ref().kind().apiVersion(), live.ref().kind().kind(),
					live.ref().namespace(), live.ref().name(), lease.field().toString(),
					Masking.shown(lease.field(), live.body()), lease.manager(),
					List.copyOf(FieldManagers.of(live, lease.field()))))
			.toList();
	}

	/**
	 * With their values, which the store does not keep; none of which somebody else has
	 * written since.
	 */
	private static List<RewrittenField> rewritten(InventoryEntry entry, LiveObject live, Optional<Drift> drift) {
		Set<String> recorded = entry.rewritten().stream().map(Rewritten::path).collect(Collectors.toSet());
		drift.ifPresent((it) -> it.fields().forEach((field) -> recorded.remove(field.path())));
		if (recorded.isEmpty()) {
			return List.of();
		}
		return DriftedField.rewritten(entry.body(), live)
			.stream()
			.filter((field) -> recorded.contains(field.path()))
			.map((field) -> new RewrittenField(live.ref().kind().apiVersion(), live.ref().kind().kind(),
					live.ref().namespace(), live.ref().name(), field.path(), field.declared(), field.live()))
			.toList();
	}

}
