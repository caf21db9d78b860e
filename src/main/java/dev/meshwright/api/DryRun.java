package dev.meshwright.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.document.Json;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.store.Change;
import dev.meshwright.store.Commits.Outcome;
import dev.meshwright.store.Commits.Result;
import dev.meshwright.store.StoreFailure;
import dev.meshwright.store.StoredResource;
import tools.jackson.databind.node.ObjectNode;

/** What a change set would store, without storing it. */
final class DryRun {

	private DryRun() {
	}

	/**
	 * One result for each change.
	 * @throws StoreFailure as a commit would
	 */
	static List<Result> results(Snapshot snapshot, Caller caller, List<Change> changes) {
		Map<ResourceId, String> failed = new LinkedHashMap<>();
		List<Result> results = new ArrayList<>();
		for (Change change : changes) {
			Optional<Resource<?>> current = snapshot.find(change.id());
			check(change, current).ifPresent((why) -> failed.put(change.id(), why));
			results.add(switch (change) {
				case Change.Put put -> put(put, current, caller, snapshot.revision());
				case Change.Delete delete -> delete(delete, current);
			});
		}
		if (!failed.isEmpty()) {
			throw new StoreFailure.PreconditionFailed(failed);
		}
		return results;
	}

	/** Why the precondition of a change does not hold, or empty when it does. */
	private static Optional<String> check(Change change, Optional<Resource<?>> current) {
		Change.Precondition precondition = change.precondition();
		if (precondition.absent() && current.isPresent()) {
			return Optional.of("it exists already; read it and decide again");
		}
		if (precondition.resourceVersion() != null && current.map((resource) -> resource.metadata().resourceVersion())
			.filter(precondition.resourceVersion()::equals)
			.isEmpty()) {
			return Optional
				.of("its resourceVersion is not " + precondition.resourceVersion() + "; read it and decide again");
		}
		if (precondition.uid() != null && current.map((resource) -> resource.metadata().uid().toString())
			.filter(precondition.uid()::equals)
			.isEmpty()) {
			return Optional.of("its uid is not " + precondition.uid() + "; read it and decide again");
		}
		return Optional.empty();
	}

	private static Result put(Change.Put put, Optional<Resource<?>> current, Caller caller, long revision) {
		Metadata metadata = put.over(current, caller.name(), revision).metadata();
		if (current.isEmpty()) {
			return result(put, Outcome.CREATED, metadata);
		}
		Metadata before = current.get().metadata();
		boolean same = before.generation() == metadata.generation() && before.labels().equals(put.labels())
				&& before.annotations().equals(put.annotations());
		return result(put, same ? Outcome.UNCHANGED : Outcome.UPDATED, metadata);
	}

	private static Result result(Change.Put put, Outcome outcome, Metadata metadata) {
		return new Result(put.id(), outcome,
				new StoredResource(new Resource<>(put.id(), metadata, put.spec()), put.specTree()));
	}

	private static Result delete(Change.Delete delete, Optional<Resource<?>> current) {
		Resource<?> resource = current.orElseThrow(() -> new StoreFailure.NotFound(delete.id()));
		ObjectNode spec = Json.mapper().valueToTree(resource.spec());
		return new Result(delete.id(), Outcome.DELETED, new StoredResource(resource, spec));
	}

}
