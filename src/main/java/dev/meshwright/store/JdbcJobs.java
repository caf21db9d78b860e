package dev.meshwright.store;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.Permission;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows of {@code job}. */
@Repository
class JdbcJobs implements Jobs {

	private final JdbcClient jdbc;

	private final PostgresSignals signals;

	private final TransactionTemplate transaction;

	JdbcJobs(JdbcClient jdbc, PostgresSignals signals, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.signals = signals;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public UUID submit(Caller owner, Task task, String request) {
		UUID id = UUID.randomUUID();
		this.transaction.executeWithoutResult((status) -> {
			this.jdbc.sql("delete from job where finished_at < now() - interval '7 days'").update();
			insert(id, owner, task, request);
			this.signals.announce(Signals.Topic.JOB);
		});
		return id;
	}

	private void insert(UUID id, Caller owner, Task task, String request) {
		NamespaceScope scope = owner.namespaces();
		this.jdbc.sql("""
				insert into job (id, task, owner, permissions, namespaces, request)
				values (:id, :task, :owner, :permissions::text[], :namespaces::text[], :request::jsonb)""")
			.param("id", id)
			.param("task", task.toString())
			.param("owner", owner.name())
			.param("permissions", owner.permissions().stream().map(Enum::name).toArray(String[]::new))
			.param("namespaces", scope.unrestricted() ? null : scope.names().toArray(String[]::new))
			.param("request", request)
			.update();
	}

	@Override
	public Optional<Job> find(Caller caller, UUID id) {
		return this.jdbc.sql("""
				select id, task, state, created_at, finished_at, revision, result from job
				where id = :id and (owner = :caller or :administrator)""")
			.param("id", id)
			.param("caller", caller.name())
			.param("administrator", caller.may(Permission.ADMINISTER))
			.query((row, number) -> job(row))
			.optional();
	}

	private static Job job(ResultSet row) throws SQLException {
		return new Job(row.getObject("id", UUID.class), constant(Task.values(), row.getString("task")),
				constant(State.values(), row.getString("state")), ResourceRow.instant(row, "created_at"),
				UnitRows.instant(row, "finished_at"), row.getObject("revision", Long.class), row.getString("result"));
	}

	private static <E extends Enum<E>> E constant(E[] constants, String text) {
		return Arrays.stream(constants).filter((known) -> known.toString().equals(text)).findFirst().orElseThrow();
	}

	@Override
	public Optional<Claim> claim(Set<Task> tasks, Duration lease) {
		return this.jdbc.sql("""
				update job set state = 'Running', fence = fence + 1, lease_until = now() + make_interval(secs => :lease)
				where id = (select id from job where finished_at is null and task = any(:tasks::text[])
					and (lease_until is null or lease_until < now())
					order by created_at limit 1 for update skip locked)
				returning id, task, fence, owner, permissions, namespaces, request""")
			.param("tasks", tasks.stream().map(Task::toString).toArray(String[]::new))
			.param("lease", UnitRows.seconds(lease))
			.query((row, number) -> new Claim(row.getObject("id", UUID.class),
					constant(Task.values(), row.getString("task")), row.getLong("fence"), owner(row),
					row.getString("request")))
			.optional();
	}

	private static Caller owner(ResultSet row) throws SQLException {
		Set<Permission> permissions = texts(row.getArray("permissions")).stream()
			.map(Permission::valueOf)
			.collect(Collectors.toSet());
		Array namespaces = row.getArray("namespaces");
		return new Caller(row.getString("owner"), permissions,
				(namespaces == null) ? NamespaceScope.all() : NamespaceScope.of(Set.copyOf(texts(namespaces))));
	}

	private static List<String> texts(Array array) throws SQLException {
		return List.of((String[]) array.getArray());
	}

	@Override
	public boolean renew(Claim claim, Duration lease) {
		return this.jdbc.sql("""
				update job set lease_until = now() + make_interval(secs => :lease)
				where id = :id and fence = :fence and finished_at is null""")
			.param("lease", UnitRows.seconds(lease))
			.param("id", claim.id())
			.param("fence", claim.fence())
			.update() == 1;
	}

	@Override
	public boolean succeed(Claim claim, String result) {
		return end(claim, State.SUCCEEDED, result);
	}

	@Override
	public void fail(Claim claim, String problem) {
		end(claim, State.FAILED, problem);
	}

	private boolean end(Claim claim, State state, String result) {
		return Boolean.TRUE.equals(this.transaction.execute((status) -> {
			this.signals.announce(Signals.Topic.JOB);
			return end(this.jdbc, claim, state, null, result);
		}));
	}

	/** Ends a job whose claim holds; false when it does not. */
	static boolean end(JdbcClient jdbc, Claim claim, State state, @Nullable Long revision, String result) {
		return jdbc.sql("""
				update job set state = :state, revision = :revision, result = :result::jsonb, finished_at = now()
				where id = :id and fence = :fence and finished_at is null""")
			.param("state", state.toString())
			.param("revision", revision)
			.param("result", result)
			.param("id", claim.id())
			.param("fence", claim.fence())
			.update() == 1;
	}

}
