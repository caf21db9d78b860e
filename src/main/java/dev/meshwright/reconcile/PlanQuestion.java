package dev.meshwright.reconcile;

import java.util.Optional;

import dev.meshwright.store.Jobs;
import dev.meshwright.store.PlanRequest;
import dev.meshwright.store.Plans;

import org.springframework.stereotype.Component;

/** Makes and saves the plans that callers ask for. */
@Component
class PlanQuestion implements ClusterQuestion {

	private final Planning planning;

	private final Plans plans;

	PlanQuestion(Planning planning, Plans plans) {
		this.planning = planning;
		this.plans = plans;
	}

	@Override
	public Jobs.Task task() {
		return Jobs.Task.PLAN;
	}

	@Override
	public Optional<String> answer(Jobs.Claim claim, Lanes lanes) throws InterruptedException {
		PlanRequest request = PlanRequest.read(claim.request());
		this.plans.save(claim, this.planning.plan(request, claim.owner(), lanes).draft());
		return Optional.empty();
	}

}
