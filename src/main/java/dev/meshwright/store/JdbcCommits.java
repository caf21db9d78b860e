package dev.meshwright.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

import dev.meshwright.document.Json;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits in READ COMMITTED transactions. Everything that can be read, compared and
 * serialised is done before the head is locked, because until the transaction ends that
 * lock holds up every other writer.
 */
@Repository
class JdbcCommits implements Commits {

	/** How often a commit is tried again that lost a race for a row. */
	private static final int ATTEMPTS = 5;

	private final LockedRows rows;

	private final SpecReader specs;

	private final OwnKeys ownKeys;

	private final Head head;

	private final OrphanedUnits orphans;

	private final JdbcClient jdbc;

	private final AppliedPlans appliedPlans;

	private final AuditLog audit;

	private final PostgresSignals signals;

	private final TransactionTemplate transaction;

	JdbcCommits(JdbcClient jdbc, SpecReader specs, AuditLog audit, PostgresSignals signals,
			PlatformTransactionManager transactionManager) {
		this.rows = new LockedRows(jdbc);
		this.specs = specs;
		this.ownKeys = new OwnKeys(jdbc);
		this.head = new Head(jdbc);
		this.orphans = new OrphanedUnits(jdbc);
		this.jdbc = jdbc;
		this.appliedPlans = new AppliedPlans(jdbc, signals);
		this.audit = audit;
		this.signals = signals;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public Committed commit(Caller caller, List<Change> changes, String message, Validation validation,
			Optional<Jobs.Claim> job) {
		requireOnceEach(changes);
		requireVisible(caller, changes);
		for (int attempt = 1;; attempt++) {
			try {
				return this.transaction.execute((status) -> {
					Committed committed = attempt(caller, changes, message, validation);
					job.ifPresent((claim) -> succeed(claim, committed));
					return committed;
				});
			}
			catch (LostRace | ConcurrencyFailureException ex) {
				if (attempt == ATTEMPTS) {
					throw new StoreFailure.ConcurrentChange(
							"Other writers changed the same resources meanwhile, " + ATTEMPTS + " times; try again");
				}
			}
		}
	}

	private void succeed(Jobs.Claim claim, Committed committed) {
		if (claim.task() == Jobs.Task.APPLY_PLAN) {
			this.appliedPlans.applied(claim, committed.revision());
			return;
		}
		List<Map<String, String>> results = committed.results()
			.stream()
			.map((result) -> Map.of("kind", result.id().kind().toString(), "namespace", result.id().namespace(), "name",
					result.id().name(), "outcome", result.outcome().name().toLowerCase(Locale.ROOT)))
			.toList();
		if (!JdbcJobs.end(this.jdbc, claim, Jobs.State.SUCCEEDED, committed.revision(),
				Json.mapper().writeValueAsString(results))) {
			throw new StoreFailure.ConcurrentChange("Another process took job " + claim.id() + " over");
		}
		this.signals.announce(Signals.Topic.JOB);
	}

	private static void requireOnceEach(List<Change> changes) {
		Set<ResourceId> seen = new HashSet<>();
		for (Change change : changes) {
			if (!seen.add(change.id())) {
				throw new IllegalArgumentException(change.id() + " is named twice in one change set");
			}
		}
	}

	private static void requireVisible(Caller caller, List<Change> changes) {
		for (Change change : changes) {
			if (!caller.namespaces().includes(change.id().namespace())) {
				throw new StoreFailure.NotFound(change.id());
			}
		}
	}

	private Committed attempt(Caller caller, List<Change> changes, String message, Validation validation) {
		List<Edit> edits = edits(caller, changes);
		List<Edit> effective = edits.stream().filter(Edit::changes).toList();
		forget(changes);
		if (effective.isEmpty()) {
			this.audit.record(audited(caller, changes, null));
			return new Committed(this.head.present(), results(edits, Head.Position.NONE));
		}
		SortedSet<Key> changedKeys = this.ownKeys.changed(effective);
		this.ownKeys.replace(effective);
		CommitBatch batch = new CommitBatch(effective);
		CommitRecord record = new CommitRecord(changedKeys, validation, message);
		Head.Position position = this.head.next();
		record.write(this.jdbc, position, audited(caller, changes, position.revision()));
		batch.write(this.jdbc, position, caller.name());
		this.signals.announced(Signals.Topic.REVISION);
		return new Committed(position.revision(), results(edits, position));
	}

	private void forget(List<Change> changes) {
		List<ResourceId> orphaning = changes.stream()
			.filter((change) -> change instanceof Change.Delete delete && delete.orphan())
			.map(Change::id)
			.toList();
		if (!orphaning.isEmpty()) {
			this.orphans.forget(orphaning);
			this.signals.announce(Signals.Topic.STATUS);
		}
	}

	private List<Edit> edits(Caller caller, List<Change> changes) {
		Map<ResourceId, LockedRows.Row> stored = new HashMap<>(this.rows.lock(changes));
		Map<ResourceId, StoredResource> readable = new HashMap<>();
		stored.forEach((id, row) -> this.specs.bind(row.row()).ifPresent((resource) -> readable.put(id, resource)));
		for (Change change : changes) {
			if (change instanceof Change.Delete && !readable.containsKey(change.id())) {
				throw new StoreFailure.NotFound(change.id());
			}
		}
		requirePreconditions(changes, stored);
		return changes.stream()
			.map((change) -> Edit.of(caller, change, stored.get(change.id()), readable.get(change.id())))
			.toList();
	}

	private static void requirePreconditions(List<Change> changes, Map<ResourceId, LockedRows.Row> stored) {
		Map<ResourceId, String> violations = new TreeMap<>();
		for (Change change : changes) {
			Preconditions.violation(change, stored.get(change.id()))
				.ifPresent((violation) -> violations.put(change.id(), violation));
		}
		if (!violations.isEmpty()) {
			throw new StoreFailure.PreconditionFailed(violations);
		}
	}

	private static AuditLog.Entry audited(Caller caller, Collection<Change> changes, @Nullable Long revision) {
		AuditLog.Origin origin = AuditLog.Origin.CURRENT.orElse(AuditLog.Origin.UNKNOWN);
		String target = changes.stream().findFirst().map((change) -> change.id().toString()).orElse("");
		String others = (changes.size() > 1) ? " and " + (changes.size() - 1) + " more" : "";
		boolean orphans = changes.stream()
			.anyMatch((change) -> change instanceof Change.Delete delete && delete.orphan());
		String forgotten = orphans ? ", objects forgotten and not deleted" : "";
		return new AuditLog.Entry(caller.name(), origin.action(), target + others + forgotten, true,
				origin.remoteAddress(), revision);
	}

	private static List<Result> results(List<Edit> edits, Head.Position position) {
		return edits.stream().map((edit) -> edit.result(position)).toList();
	}

	/** Another writer was faster, and what was read no longer holds: begin again. */
	static final class LostRace extends RuntimeException {

		private static final long serialVersionUID = 1L;

		LostRace() {
			super("Another writer was faster", null, false, false);
		}

	}

}
