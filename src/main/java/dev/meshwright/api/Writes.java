package dev.meshwright.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.store.Change;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Installation;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Revisions;
import dev.meshwright.store.Snapshots;
import dev.meshwright.store.Snapshots.StoredSnapshot;
import dev.meshwright.store.StoreFailure;
import dev.meshwright.telemetry.Traced;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The one way in which anything is written: validate by compiling on one snapshot, then
 * commit with what the validation read, and validate again when that has changed
 * meanwhile.
 */
@Component
class Writes {

	private static final int ATTEMPTS = 3;

	private final ObservationRegistry observations;

	private final Snapshots snapshots;

	private final Commits commits;

	private final Validations validations;

	private final Installation installation;

	Writes(Snapshots snapshots, Commits commits, Validations validations, Installation installation,
			ObservationRegistry observations) {
		this.installation = installation;
		this.observations = observations;
		this.snapshots = snapshots;
		this.commits = commits;
		this.validations = validations;
	}

	/**
	 * Checks what can be told without compiling: whether the caller may write all of it
	 * and says which version is meant, where that is asked for.
	 * @throws ApiFailure 403 or 428
	 */
	void admit(Caller caller, List<Item> items) {
		items.forEach((item) -> permitted(caller, item));
		this.snapshots.read((snapshot) -> {
			items.forEach((item) -> preconditionGiven(snapshot, item));
			return items;
		});
	}

	/**
	 * Checks that nothing of it is over before it is written.
	 * @throws ApiFailure 422
	 */
	void inTime(List<Item> items) {
		List<ShapeError> ended = this.snapshots
			.read((snapshot) -> EndedOverrides.in(items, snapshot, this.installation::now));
		if (!ended.isEmpty()) {
			throw ApiFailure.of(HttpStatus.UNPROCESSABLE_CONTENT, ended);
		}
	}

	/** As the longer one, at once and for no job. */
	Written write(Caller caller, List<Item> items, String message, boolean dryRun) {
		return write(caller, items, message, dryRun, Integer.MAX_VALUE, Optional.empty());
	}

	/**
	 * Writes a change set, all of it or nothing.
	 * @param caller who does it
	 * @param items what to do; each resource at most once
	 * @param message why
	 * @param dryRun whether to stop before anything is stored
	 * @param atMost the most units to compile
	 * @param job the job that this does
	 * @throws ApiFailure 403, 404, 409, 412, 422 or 428
	 * @throws dev.meshwright.compile.Validator.TooManyUnits when more than {@code atMost}
	 * depend on it; nothing was stored
	 */
	Written write(Caller caller, List<Item> items, String message, boolean dryRun, int atMost,
			Optional<Jobs.Claim> job) {
		items.forEach((item) -> permitted(caller, item));
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			try {
				return attempt(caller, items, message, dryRun, atMost, job);
			}
			catch (StoreFailure.ConcurrentChange _) {
				Thread.onSpinWait();
			}
			catch (StoreFailure.PreconditionFailed failed) {
				throw failed(items, failed.resources());
			}
			catch (StoreFailure.AlreadyClaimed claimed) {
				throw claimed(caller, items, claimed);
			}
			catch (StoreFailure.NotFound missing) {
				throw missing(items, missing.resource());
			}
		}
		throw ApiFailure.of(HttpStatus.CONFLICT, "CONCURRENT_CHANGE",
				"What this change was validated against was changed by others, " + ATTEMPTS + " times; try again");
	}

	private Written attempt(Caller caller, List<Item> items, String message, boolean dryRun, int atMost,
			Optional<Jobs.Claim> job) {
		List<Change> changes = items.stream().map(Item::change).toList();
		Attempt attempt = Traced.during(this.observations, "validate", () -> this.snapshots.read((snapshot) -> {
			this.validations.announce(snapshot, caller, changes);
			items.forEach((item) -> preconditionGiven(snapshot, item));
			List<ShapeError> ended = EndedOverrides.in(items, snapshot, this.installation::now);
			Validations.Validation validated = this.validations.validate(snapshot, caller, changes, atMost);
			return new Attempt(validated, ended, dryRun ? DryRun.results(snapshot, caller, changes) : List.of(),
					dryRun ? this.validations.deletes(snapshot, caller, changes, validated) : List.of());
		}));
		Validations.Validation validated = attempt.validated();
		List<ShapeError> errors = new ArrayList<>(attempt.ended());
		validated.errors().forEach((diagnostic) -> errors.add(error(items, diagnostic)));
		if (!errors.isEmpty()) {
			boolean claimed = attempt.ended().isEmpty() && validated.errors()
				.stream()
				.allMatch((diagnostic) -> diagnostic.code() == DiagnosticCode.ALREADY_CLAIMED);
			throw ApiFailure.of(claimed ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT, errors);
		}
		List<Warning> warnings = validated.warnings().stream().map(Warning::of).distinct().toList();
		if (dryRun) {
			return new Written(validated.validated().revision(), attempt.results(), warnings,
					validated.manifests(this.installation::now), attempt.deletes());
		}
		Commits.Committed committed = traced(
				() -> this.commits.commit(caller, changes, message, validated.against(), job));
		return new Written(committed.revision(), committed.results(), warnings, List.of(), List.of());
	}

	/** The pushes that the revision causes continue the trace. */
	private Commits.Committed traced(Supplier<Commits.Committed> commit) {
		Map<String, String> carrier = new HashMap<>();
		return Traced.during(Traced.cause(this.observations, "commit", carrier), () -> {
			String traceparent = carrier.get(Traced.TRACEPARENT);
			return (traceparent == null) ? commit.get()
					: ScopedValue.where(Revisions.TRACEPARENT, traceparent).call(commit::get);
		});
	}

	private static void permitted(Caller caller, Item item) {
		String namespace = item.change().id().namespace();
		boolean orphans = item.change() instanceof Change.Delete delete && delete.orphan();
		if (((orphans || namespace.isEmpty()) && !caller.may(Permission.ADMINISTER))
				|| !caller.namespaces().includes(namespace)) {
			throw ApiFailure.of(HttpStatus.FORBIDDEN, item.error("", "FORBIDDEN", "You may not "
					+ (orphans ? "orphan the objects of " : "write ") + item.change().id() + "; ask an administrator"));
		}
	}

	/** Who writes must say which version they mean, where that is asked for. */
	private static void preconditionGiven(StoredSnapshot snapshot, Item item) {
		if (item.change().precondition().equals(Precondition.NONE) && needsPrecondition(snapshot, item.change())) {
			throw ApiFailure.of(HttpStatus.PRECONDITION_REQUIRED,
					item.error("", "PRECONDITION_REQUIRED",
							"Writing " + item.change().id() + " needs a precondition: send If-Match with the ETag that "
									+ "you read, or metadata.resourceVersion, or If-None-Match: * to create"));
		}
	}

	/** Whether who makes this change must say which version they mean. */
	static boolean needsPrecondition(Snapshot snapshot, Change change) {
		ResourceId id = change.id();
		return !id.namespace().isEmpty()
				? snapshot.find(ResourceId.namespace(id.namespace()), NamespaceSpec.class)
					.filter((namespace) -> Boolean.TRUE.equals(namespace.spec().requirePreconditions()))
					.isPresent()
				: id.kind().scope() == Kind.Scope.GLOBAL && change instanceof Change.Delete
						&& snapshot.find(id).isPresent();
	}

	private static ShapeError error(List<Item> items, Diagnostic diagnostic) {
		String message = Warning.text(diagnostic);
		return items.stream()
			.filter((item) -> item.change().id().equals(diagnostic.resource()))
			.findFirst()
			.map((item) -> item.error(diagnostic.pointer(), diagnostic.code().toString(), message))
			.orElseGet(() -> new ShapeError(diagnostic.pointer(), diagnostic.code().toString(), message,
					diagnostic.resource().toString()));
	}

	private static ApiFailure failed(List<Item> items, Map<ResourceId, String> resources) {
		List<ShapeError> errors = new ArrayList<>();
		HttpStatus status = HttpStatus.CONFLICT;
		for (Item item : items) {
			String why = resources.get(item.change().id());
			if (why != null) {
				status = item.preconditionFailure();
				errors.add(item.error("", "PRECONDITION_FAILED", item.change().id() + ": " + why));
			}
		}
		return ApiFailure.of(status, errors);
	}

	private static ApiFailure claimed(Caller caller, List<Item> items, StoreFailure.AlreadyClaimed claimed) {
		String index = claimed.claim().substring(0, Math.max(0, claimed.claim().indexOf('=')));
		String pointer = switch (index) {
			case "host" -> "/spec/exposure/hosts";
			case "namespace-host" -> "/spec/hosts";
			case "external-host" -> "/spec/external/hosts";
			case "target" -> "/spec/service";
			default -> "";
		};
		String what = claimed.claim().substring(claimed.claim().indexOf('=') + 1);
		String holder = caller.namespaces().includes(claimed.holder().namespace()) ? claimed.holder().toString()
				: "another resource";
		return ApiFailure.of(HttpStatus.CONFLICT, error(items, claimed.resource(), pointer, "ALREADY_CLAIMED", what
				+ " belongs to " + holder + "; only one resource may have it: choose another or take it away there"));
	}

	private static ApiFailure missing(List<Item> items, ResourceId id) {
		return ApiFailure.of(HttpStatus.NOT_FOUND,
				error(items, id, "", "NOT_FOUND", id + " does not exist, or you may not see it"));
	}

	/** An error about one of the items. */
	private static ShapeError error(List<Item> items, ResourceId id, String pointer, String code, String message) {
		return items.stream()
			.filter((item) -> item.change().id().equals(id))
			.findFirst()
			.map((item) -> item.error(pointer, code, message))
			.orElseGet(() -> new ShapeError(pointer, code, message));
	}

	private record Attempt(Validations.Validation validated, List<ShapeError> ended, List<Commits.Result> results,
			List<WriteView.ObjectsView> deletes) {
	}

	/**
	 * One change with what is needed to speak of it.
	 *
	 * @param change the change
	 * @param prefix the JSON pointer of its resource in the request's body; null when the
	 * body does not hold it, and errors name the resource instead
	 * @param preconditionFailure the status when its precondition does not hold
	 */
	record Item(Change change, @Nullable String prefix, HttpStatus preconditionFailure) {

		/** Something wrong at a place in the document of its resource. */
		ShapeError error(String pointer, String code, String message) {
			return (this.prefix != null) ? new ShapeError(this.prefix + pointer, code, message)
					: new ShapeError(pointer, code, message, this.change.id().toString());
		}

	}

	/**
	 * What a write did, or would do.
	 *
	 * @param revision the head revision after it
	 * @param results what became of each change
	 * @param warnings what should be looked at
	 * @param manifests the objects that the changed units compile to, by cluster
	 * @param deletes the objects that they no longer compile to, by cluster
	 */
	record Written(long revision, List<Commits.Result> results, List<Warning> warnings,
			List<ManifestsView.OfCluster> manifests, List<WriteView.ObjectsView> deletes) {

		Set<ResourceId> ids() {
			return this.results.stream().map(Commits.Result::id).collect(java.util.stream.Collectors.toSet());
		}

	}

}
