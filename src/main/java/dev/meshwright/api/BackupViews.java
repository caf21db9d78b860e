package dev.meshwright.api;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Condition.Type;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.failover.BackupState;
import dev.meshwright.model.failover.BackupState.Phase;
import dev.meshwright.model.failover.BackupState.Seen;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.store.BackupStates;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** Adds to the status of policies that name a backup how far it is. */
@Component
class BackupViews {

	private final BackupStates states;

	BackupViews(BackupStates states) {
		this.states = states;
	}

	/** In one query, or none when there is no backup among them. */
	void add(Collection<? extends Resource<?>> resources, Map<ResourceId, StatusView> views) {
		Map<ServiceRef, Resource<FailoverPolicySpec>> policies = new HashMap<>();
		for (Resource<?> resource : resources) {
			if (resource.spec() instanceof FailoverPolicySpec policy && policy.backup() != null
					&& policy.service() != null && resource.metadata().deletionTimestamp() == null) {
				policies.put(new ServiceRef(resource.id().namespace(), policy.service()),
						resource.as(FailoverPolicySpec.class));
			}
		}
		if (policies.isEmpty()) {
			return;
		}
		Map<ServiceRef, BackupStates.Known> known = this.states.of(List.copyOf(policies.keySet()));
		policies.forEach((service, policy) -> views.computeIfPresent(policy.id(),
				(_, view) -> with(view, policy, known.get(service))));
	}

	/**
	 * Whether a backup is in use is no matter of good or bad, so it sums up to nothing.
	 */
	private static StatusView with(StatusView view, Resource<FailoverPolicySpec> policy,
			BackupStates.@Nullable Known known) {
		long generation = policy.metadata().generation();
		if (known == null || known.lookedAt() == null) {
			return view.with(new Condition(Type.BACKUP_IN_USE, Status.UNKNOWN, "Pending",
					"The endpoints have not been looked at yet", generation, policy.metadata().creationTimestamp()),
					null);
		}
		BackupState state = known.state();
		boolean inUse = state.phase() == Phase.SWITCHED || state.phase() == Phase.RECOVERING;
		String where = inUse ? "Requests go to " + Objects.requireNonNull(policy.spec().backup()).service()
				: "Requests go to the service itself";
		Condition condition = new Condition(Type.BACKUP_IN_USE, inUse ? Status.TRUE : Status.FALSE,
				(known.seen() == Seen.UNKNOWN) ? "EndpointsUnknown" : state.phase().toString(),
				where + ": " + known.message(), generation,
				(inUse && state.switchedAt() != null) ? state.switchedAt() : state.since());
		return view.with(condition, new StatusView.BackupView(state.phase().toString(), state.since(),
				state.switchedAt(), state.flaps(), known.seen().toString(), known.message(), known.lookedAt()));
	}

}
