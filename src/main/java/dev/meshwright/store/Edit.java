package dev.meshwright.store;

import java.time.Instant;
import java.util.UUID;

import dev.meshwright.model.Caller;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Commits.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a change comes to, given what is stored. Revision and timestamps of {@code after}
 * are only known once the head is taken: see {@link #result}.
 *
 * @param id the resource
 * @param outcome what happens
 * @param declared what is declared so far, as its row, or null
 * @param before the same, or null also when it cannot be read
 * @param after what will be declared; for an outcome that declares nothing anew, what is
 * there
 */
record Edit(ResourceId id, Outcome outcome, @Nullable ResourceRow declared, @Nullable StoredResource before,
		StoredResource after) {

	/**
	 * Decides what a change comes to.
	 * @param stored what is stored under its id, or null
	 * @param readable the same with its spec bound, or null when it cannot be
	 */
	static Edit of(Caller caller, Change change, LockedRows.@Nullable Row stored, @Nullable StoredResource readable) {
		return switch (change) {
			case Change.Put put when stored == null || !stored.declared() -> create(caller, put);
			case Change.Put put -> replace(caller, put, stored, readable);
			case Change.Delete delete -> delete(caller, delete, stored, readable);
		};
	}

	private static Edit create(Caller caller, Change.Put put) {
		Metadata metadata = new Metadata(UUID.randomUUID(), 1, 0, put.labels(), put.annotations(), Instant.EPOCH, null,
				caller.name());
		return new Edit(put.id(), Outcome.CREATED, null, null, stored(put, metadata));
	}

	private static Edit replace(Caller caller, Change.Put put, LockedRows.Row stored,
			@Nullable StoredResource readable) {
		Metadata metadata = stored.row().metadata();
		if (stored.sameSpec() && stored.sameMetadata()) {
			return new Edit(put.id(), Outcome.UNCHANGED, stored.row(), readable, stored(put, metadata));
		}
		long generation = metadata.generation() + (stored.sameSpec() ? 0 : 1);
		return new Edit(put.id(), Outcome.UPDATED, stored.row(), readable,
				stored(put, new Metadata(metadata.uid(), generation, metadata.revision(), put.labels(),
						put.annotations(), metadata.creationTimestamp(), null, caller.name())));
	}

	private static Edit delete(Caller caller, Change.Delete delete, LockedRows.@Nullable Row stored,
			@Nullable StoredResource readable) {
		if (stored == null || readable == null) {
			throw new StoreFailure.NotFound(delete.id());
		}
		if (!stored.declared()) {
			return new Edit(delete.id(), Outcome.UNCHANGED, null, null, readable);
		}
		Metadata metadata = readable.resource().metadata();
		return new Edit(delete.id(), Outcome.DELETED, stored.row(), readable,
				with(readable, new Metadata(metadata.uid(), metadata.generation(), metadata.revision(),
						metadata.labels(), metadata.annotations(), metadata.creationTimestamp(), null, caller.name())));
	}

	private static StoredResource stored(Change.Put put, Metadata metadata) {
		return new StoredResource(new Resource<>(put.id(), metadata, put.spec()), put.specTree());
	}

	private static StoredResource with(StoredResource stored, Metadata metadata) {
		return new StoredResource(new Resource<>(stored.resource().id(), metadata, stored.resource().spec()),
				stored.spec());
	}

	boolean changes() {
		return this.outcome != Outcome.UNCHANGED;
	}

	/** What is declared afterwards, or null when nothing is. */
	@Nullable StoredResource declares() {
		return (this.outcome != Outcome.DELETED) ? this.after : null;
	}

	/** What became of the change, at the position that the commit took. */
	Commits.Result result(Head.Position position) {
		if (!changes()) {
			return new Commits.Result(this.id, this.outcome, this.after);
		}
		Metadata metadata = this.after.resource().metadata();
		Instant created = (this.outcome == Outcome.CREATED) ? position.at() : metadata.creationTimestamp();
		Instant deleted = (this.outcome == Outcome.DELETED) ? position.at() : null;
		return new Commits.Result(this.id, this.outcome,
				with(this.after, new Metadata(metadata.uid(), metadata.generation(), position.revision(),
						metadata.labels(), metadata.annotations(), created, deleted, metadata.updatedBy())));
	}

}
