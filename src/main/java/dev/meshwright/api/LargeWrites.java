package dev.meshwright.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.meshwright.compile.Validator;
import dev.meshwright.model.Caller;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.Change;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Resources;
import dev.meshwright.store.StoredResource;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Writes at once where few units depend on it, and otherwise by a job, for which the
 * caller waits a while.
 */
@Component
class LargeWrites {

	private final Writes writes;

	private final AwaitedJobs jobs;

	private final Resources resources;

	private final LargeWriteProperties properties;

	LargeWrites(Writes writes, AwaitedJobs jobs, Resources resources, LargeWriteProperties properties) {
		this.writes = writes;
		this.jobs = jobs;
		this.resources = resources;
		this.properties = properties;
	}

	/**
	 * Writes a change set. A dry run is never a job: it stores nothing that could wait.
	 * @throws ApiFailure as {@link Writes#write} does, also when the job failed in time
	 */
	Outcome write(Caller caller, List<Writes.Item> items, String message, boolean dryRun) {
		if (dryRun) {
			return new Done(this.writes.write(caller, items, message, true));
		}
		try {
			return new Done(
					this.writes.write(caller, items, message, false, this.properties.units(), Optional.empty()));
		}
		catch (Validator.TooManyUnits _) {
			return byJob(caller, items, message);
		}
	}

	private Outcome byJob(Caller caller, List<Writes.Item> items, String message) {
		Map<ResourceId, StoredResource> before = new HashMap<>();
		items.stream()
			.map(Writes.Item::change)
			.filter(Change.Delete.class::isInstance)
			.forEach((change) -> this.resources.find(caller, change.id())
				.ifPresent((stored) -> before.put(change.id(), stored)));
		AuditLog.Origin origin = AuditLog.Origin.CURRENT.orElse(new AuditLog.Origin("commit", ""));
		Jobs.Job job = this.jobs.run(caller, Jobs.Task.CHANGE_SET, new WriteRequest(message, origin, items).json());
		return job.state().isFinal() ? new Done(written(caller, job, before)) : new Deferred(job);
	}

	/** The resources are as they are now; what was deleted and is gone, as it was. */
	private Writes.Written written(Caller caller, Jobs.Job job, Map<ResourceId, StoredResource> before) {
		List<Commits.Result> results = new ArrayList<>();
		for (JobView.ItemView item : JobView.items(job)) {
			ResourceId id = item.id();
			@Nullable StoredResource stored = this.resources.find(caller, id).orElse(before.get(id));
			if (stored != null) {
				results.add(new Commits.Result(id, Commits.Outcome.valueOf(item.outcome().toUpperCase(Locale.ROOT)),
						stored));
			}
		}
		return new Writes.Written(Objects.requireNonNull(job.revision()), results, List.of(), List.of(), List.of());
	}

	/** What became of a write by the time of the answer. */
	sealed interface Outcome {

	}

	/**
	 * It is done.
	 *
	 * @param written what it did
	 */
	record Done(Writes.Written written) implements Outcome {
	}

	/**
	 * It goes on after the answer.
	 *
	 * @param job the job that does it
	 */
	record Deferred(Jobs.Job job) implements Outcome {
	}

}
