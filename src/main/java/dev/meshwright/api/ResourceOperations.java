package dev.meshwright.api;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import dev.meshwright.document.Documents;
import dev.meshwright.document.Json;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change;
import dev.meshwright.store.Commits;
import dev.meshwright.store.History;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.Resources;
import dev.meshwright.store.StoredResource;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Reads, declares, patches and deletes one resource of any kind. */
@Component
class ResourceOperations {

	/**
	 * So many may patch a resource at once: each attempt that fails is one that another
	 * patch made.
	 */
	private static final int PATCH_ATTEMPTS = 20;

	/** How long at most is waited for others after the first attempt, and after any. */
	private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);

	/** Codes of what may be gone when what is stored is read again. */
	private static final Set<String> OVERTAKEN = Set.of("PRECONDITION_FAILED", "CONCURRENT_CHANGE");

	private static final Set<Kind> OWN_OBJECTS = EnumSet.of(Kind.SERVICE, Kind.NAMESPACE, Kind.CLUSTER);

	private final Resources resources;

	private final History history;

	private final StatusViews statuses;

	private final LargeWrites writes;

	private final Waiting waiting;

	ResourceOperations(Resources resources, History history, StatusViews statuses, LargeWrites writes,
			Waiting waiting) {
		this.resources = resources;
		this.history = history;
		this.statuses = statuses;
		this.writes = writes;
		this.waiting = waiting;
	}

	/**
	 * Reads a resource; as it was declared at a revision, without an ETag, because that
	 * guards writes, and without a status, of which no history is kept.
	 */
	ResponseEntity<byte[]> get(Caller caller, ResourceId id, @Nullable Long revision, HttpServletRequest request) {
		if (revision != null) {
			StoredResource past = this.history.find(caller, id, revision)
				.orElseThrow(() -> ApiFailure.of(HttpStatus.NOT_FOUND, "NOT_FOUND",
						id + " was not declared at revision " + revision + ", or you may not see it"));
			return Answer.ok(request, ResourceView.of(past, null));
		}
		StoredResource stored = existing(caller, id);
		return Answer.of(HttpStatus.OK)
			.header("ETag", etag(stored))
			.body(request, ResourceView.of(stored, this.statuses.of(caller, stored.resource())));
	}

	ResponseEntity<byte[]> put(Caller caller, ResourceId id, byte[] body, boolean dryRun, HttpServletRequest request) {
		Declarations.Reading reading = Declarations.at(id, Formats.document(body, request));
		Declarations.Declared declared = reading.declared()
			.orElseThrow(() -> ApiFailure.of(HttpStatus.BAD_REQUEST, reading.errors()));
		Preconditions preconditions = Preconditions.of(request, () -> this.resources.find(caller, id),
				Optional.of(declared.envelope()));
		Change change = declared.with(preconditions.precondition());
		return write(caller, new Writes.Item(change, "", preconditions.failure()), "Put " + id, dryRun, request);
	}

	ResponseEntity<byte[]> delete(Caller caller, ResourceId id, boolean dryRun, boolean orphan,
			HttpServletRequest request) {
		if (orphan && (!OWN_OBJECTS.contains(id.kind()))) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "NOTHING_TO_ORPHAN",
					"orphan is for what has objects of its own: a Service, a Namespace or a Cluster; leave it out");
		}
		Preconditions preconditions = Preconditions.of(request, () -> this.resources.find(caller, id),
				Optional.empty());
		Change change = new Change.Delete(id, preconditions.precondition(), orphan);
		return write(caller, new Writes.Item(change, "", preconditions.failure()), "Delete " + id, dryRun, request);
	}

	/**
	 * Applies a patch to what is stored. When that changes meanwhile, although the caller
	 * did not say which version is meant, it is applied to what is stored then.
	 */
	ResponseEntity<byte[]> patch(Caller caller, ResourceId id, byte[] body, boolean dryRun,
			HttpServletRequest request) {
		JsonNode patch = Documents.json(body);
		boolean merge = String.valueOf(request.getContentType()).startsWith("application/merge-patch+json");
		for (int attempt = 1;; attempt++) {
			StoredResource stored = existing(caller, id);
			if (stored.resource().metadata().deletionTimestamp() != null) {
				throw ApiFailure.notFound(id);
			}
			String version = stored.resource().metadata().resourceVersion();
			JsonNode current = Json.mapper().valueToTree(ResourceView.of(stored, null));
			JsonNode patched = merge ? MergePatch.apply(current, patch) : JsonPatch.apply(current, patch);
			Declarations.Reading reading = Declarations.at(id, patched);
			Declarations.Declared declared = reading.declared()
				.orElseThrow(() -> ApiFailure.of(HttpStatus.BAD_REQUEST, reading.errors()));
			Preconditions preconditions = Preconditions.of(request, () -> Optional.of(stored),
					Optional.of(declared.envelope()));
			boolean demanded = request.getHeader("If-Match") != null
					|| !declared.envelope().resourceVersion().equals(Optional.of(version));
			try {
				return write(caller,
						new Writes.Item(declared.with(preconditions.precondition()), "", preconditions.failure()),
						"Patch " + id, dryRun, request);
			}
			catch (ApiFailure failure) {
				if (demanded || failure.status() != HttpStatus.CONFLICT
						|| !failure.errors().stream().allMatch((error) -> OVERTAKEN.contains(error.code()))) {
					throw failure;
				}
				if (attempt == PATCH_ATTEMPTS) {
					throw ApiFailure.of(HttpStatus.CONFLICT, "CONCURRENT_CHANGE",
							id + ", or what it was validated against, was changed meanwhile, " + PATCH_ATTEMPTS
									+ " times; try again");
				}
				pause(attempt);
			}
		}
	}

	/** Of random length, so that those who met do not meet again. */
	private static void pause(int attempt) {
		long most = Math.min(FIRST_PAUSE.toNanos() << Math.min(attempt - 1, 10), LONGEST_PAUSE.toNanos());
		LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most) + 1);
	}

	private ResponseEntity<byte[]> write(Caller caller, Writes.Item item, String message, boolean dryRun,
			HttpServletRequest request) {
		Writes.Written written;
		switch (this.writes.write(caller, List.of(item), message, dryRun)) {
			case LargeWrites.Deferred(Jobs.Job job) -> {
				return JobController.accepted(job, request);
			}
			case LargeWrites.Done(Writes.Written done) -> written = done;
		}
		Commits.Result result = written.results().getFirst();
		if (dryRun) {
			return warned(Answer.of(HttpStatus.OK), written).body(request, WriteView.of(written, true));
		}
		Optional<Duration> wait = Waiting.asked(request.getHeader("Prefer"));
		boolean inTime = wait.map((time) -> this.waiting.done(written.results(), time)).orElse(true);
		boolean gone = wait.isPresent() && inTime && Waiting.isDeleted(result);
		Answer answer = Answer.of(gone ? HttpStatus.OK : status(result.outcome(), inTime))
			.header("ETag", etag(result.stored()));
		wait.ifPresent((time) -> answer.header("Preference-Applied", "wait=" + time.toSeconds()));
		if (result.outcome() == Commits.Outcome.CREATED) {
			answer.header("Location", Paths.of(result.id()));
		}
		return warned(answer, written).body(request,
				// of what is gone there is nothing to say, and what has its name by now
				// is another
				ResourceView.of(result.stored(), gone ? null : this.statuses.of(result.stored().resource()))
					.with(written.warnings()));
	}

	private static Answer warned(Answer answer, Writes.Written written) {
		return answer.headers("Warning", Warning.headers(written.warnings()));
	}

	private static HttpStatus status(Commits.Outcome outcome, boolean inTime) {
		if (outcome == Commits.Outcome.DELETED || !inTime) {
			return HttpStatus.ACCEPTED;
		}
		return (outcome == Commits.Outcome.CREATED) ? HttpStatus.CREATED : HttpStatus.OK;
	}

	private StoredResource existing(Caller caller, ResourceId id) {
		return this.resources.find(caller, id).orElseThrow(() -> ApiFailure.notFound(id));
	}

	private static String etag(StoredResource stored) {
		return "\"" + stored.resource().metadata().resourceVersion() + "\"";
	}

}
