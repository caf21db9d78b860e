package dev.meshwright.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.Validated;
import dev.meshwright.compile.Validator;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.Metadata;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.AuditLog;
import dev.meshwright.store.Change;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Snapshots.StoredSnapshot;
import dev.meshwright.store.StoreFailure;

import org.springframework.stereotype.Component;

/**
 * How controllers write declarations: as people do, validated by compiling on one
 * snapshot, committed with what the validation read, in the name
 * {@code system:<controller>}.
 */
@Component
class ControllerWrites {

	private static final int ATTEMPTS = 3;

	private static final UUID NOT_YET = new UUID(0, 0);

	private final Snapshots snapshots;

	private final Commits commits;

	private final Validator validator;

	ControllerWrites(Snapshots snapshots, Commits commits, Compiler compiler) {
		this.snapshots = snapshots;
		this.commits = commits;
		this.validator = new Validator(compiler);
	}

	/**
	 * Writes one change, if it introduces no error.
	 * @param controller who does it, without {@code system:}
	 * @param change the change; its precondition makes sure that of several replicas one
	 * does it
	 * @param message why
	 */
	Written write(String controller, Change change, String message) {
		Caller caller = Caller.system(controller);
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			try {
				Validated validated = this.snapshots.read((snapshot) -> validate(snapshot, change, caller));
				if (!validated.introduced().isEmpty()) {
					return new Written.Refused(validated.introduced());
				}
				return commit(caller, change, message, validated);
			}
			catch (StoreFailure.ConcurrentChange _) {
				Thread.onSpinWait();
			}
			catch (StoreFailure.PreconditionFailed | StoreFailure.NotFound | StoreFailure.AlreadyClaimed _) {
				return new Written.Overtaken();
			}
		}
		return new Written.Overtaken();
	}

	/**
	 * Takes back what must not stay, even when something else is wrong without it: that
	 * shows as the condition of its unit, which keeps its last good objects.
	 */
	Written end(String controller, Change.Delete change, String message) {
		Caller caller = Caller.system(controller);
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			try {
				return commit(caller, change, message,
						this.snapshots.read((snapshot) -> validate(snapshot, change, caller)));
			}
			catch (StoreFailure.ConcurrentChange _) {
				Thread.onSpinWait();
			}
			catch (StoreFailure.PreconditionFailed | StoreFailure.NotFound _) {
				return new Written.Overtaken();
			}
		}
		return new Written.Overtaken();
	}

	private Validated validate(StoredSnapshot snapshot, Change change, Caller caller) {
		List<Resource<?>> puts = new ArrayList<>();
		List<ResourceId> deletes = new ArrayList<>();
		switch (change) {
			case Change.Put put -> puts.add(new Resource<>(put.id(), metadata(snapshot, put, caller), put.spec()));
			case Change.Delete delete -> deletes.add(delete.id());
		}
		return this.validator.validate(snapshot, puts, deletes, snapshot::unitsReading);
	}

	/** What compiling sees of it; the commit makes its own. */
	private static Metadata metadata(StoredSnapshot snapshot, Change.Put put, Caller caller) {
		Optional<Metadata> before = snapshot.find(put.id()).map(Resource::metadata);
		return new Metadata(before.map(Metadata::uid).orElse(NOT_YET), before.map(Metadata::generation).orElse(0L) + 1,
				snapshot.revision(), put.labels(), put.annotations(),
				before.map(Metadata::creationTimestamp).orElse(Instant.EPOCH), null, caller.name());
	}

	private Written commit(Caller caller, Change change, String message, Validated validated) {
		Map<UnitId, Set<Key>> compiled = new HashMap<>();
		validated.placements().forEach((unit, placement) -> compiled.put(unit, placement.reads()));
		validated.compilations().forEach((unit, compilation) -> compiled.put(unit, compilation.reads()));
		Commits.Validation against = new Commits.Validation(validated.revision(), validated.reads(),
				Optional.of(compiled));
		Commits.Committed committed = ScopedValue.where(AuditLog.Origin.CURRENT, new AuditLog.Origin("reconcile", ""))
			.call(() -> this.commits.commit(caller, List.of(change), message, against));
		return new Written.Done(committed.revision());
	}

	/** What became of a write. */
	sealed interface Written {

		/**
		 * It is committed.
		 *
		 * @param revision the head revision after it
		 */
		record Done(long revision) implements Written {
		}

		/** Somebody else was faster, so that it may not be wanted any more. */
		record Overtaken() implements Written {
		}

		/**
		 * It would introduce errors.
		 *
		 * @param errors the errors
		 */
		record Refused(List<Diagnostic> errors) implements Written {
		}

	}

}
