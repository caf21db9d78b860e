package dev.meshwright.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.meshwright.document.Json;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Jobs;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Work that takes longer than its caller waited.
 *
 * @param kind always {@code Job}
 * @param id its id
 * @param task what it is: {@code ChangeSet}, {@code Plan}, {@code ApplyPlan},
 * {@code Drift} or {@code Adopt}
 * @param state Pending, Running, Succeeded or Failed
 * @param creationTimestamp when it was accepted
 * @param completionTimestamp when it ended
 * @param revision the head revision after it, when it succeeded
 * @param items what became of each resource, when a change set was committed
 * @param result what it found, when it only looked; of a plan, its id
 * @param problem why nothing was done, when it failed
 */
record JobView(String kind, String id, String task, String state, Instant creationTimestamp,
		@Nullable Instant completionTimestamp, @Nullable Long revision, @Nullable List<ItemView> items,
		@Nullable JsonNode result, @Nullable Problem problem) {

	static JobView of(Jobs.Job job) {
		boolean succeeded = job.state() == Jobs.State.SUCCEEDED;
		boolean failed = job.state() == Jobs.State.FAILED && job.result() != null;
		boolean commits = job.task() == Jobs.Task.CHANGE_SET;
		return new JobView("Job", job.id().toString(), job.task().toString(), job.state().toString(), job.createdAt(),
				job.finishedAt(), job.revision(), (succeeded && commits) ? items(job) : null,
				(succeeded && !commits) ? Json.mapper().readTree(String.valueOf(job.result())) : null,
				failed ? Problem.of(AwaitedJobs.failure(job)) : null);
	}

	/** What became of each resource of a job that succeeded. */
	static List<ItemView> items(Jobs.Job job) {
		List<ItemView> items = new ArrayList<>();
		Json.mapper()
			.readTree(String.valueOf(job.result()))
			.forEach((item) -> items.add(Json.mapper().treeToValue(item, ItemView.class)));
		return items;
	}

	/**
	 * What became of one resource.
	 *
	 * @param kind its kind
	 * @param namespace its namespace; empty for one that lives in none
	 * @param name its name
	 * @param outcome created, updated, unchanged or deleted
	 */
	record ItemView(String kind, String namespace, String name, String outcome) {

		ResourceId id() {
			return new ResourceId(Kind.named(this.kind).orElseThrow(), this.namespace, this.name);
		}

	}

}
