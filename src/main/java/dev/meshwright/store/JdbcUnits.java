package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.Caller;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows of {@code unit}: dirty, claimed, waiting. */
@Repository
class JdbcUnits implements Units {

	private static final String DIRTY = "(u.dirty_revision > u.done_revision or u.resync or u.resyncing or u.continues)";

	private static final String CLAIMABLE = DIRTY
			+ " and u.compiler_version <= :compilerVersion and u.cluster not in (:busy)"
			+ " and (u.urgent or u.cluster not in (:full))";

	/** What is urgent leaves the others one place in so many, lest they starve. */
	private static final int BULK_SHARE = 4;

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final UnitLocks locks;

	private final Expander expander;

	private final AuditLog audit;

	JdbcUnits(JdbcClient jdbc, PlatformTransactionManager transactionManager, AuditLog audit) {
		this.jdbc = jdbc;
		this.audit = audit;
		this.transaction = new TransactionTemplate(transactionManager);
		this.locks = new UnitLocks(jdbc);
		this.expander = new Expander(jdbc);
	}

	@Override
	public int expand() {
		return this.expander.isBehind() ? this.transaction.execute((status) -> this.expander.expand()) : 0;
	}

	@Override
	public List<Claim> claim(ClaimRequest request) {
		return this.transaction.execute((status) -> claimDue(request));
	}

	@Override
	public List<Claim> expandAndClaim(ClaimRequest request) {
		return this.transaction.execute((status) -> {
			if (this.expander.isBehind()) {
				this.expander.expand();
			}
			List<Claim> claims = claimDue(request);
			if (claims.isEmpty()) {
				this.expander.sweep();
			}
			return claims;
		});
	}

	/**
	 * Two statements, as one that joins what it finds with all units is planned for as
	 * many as it may find, and mostly it finds one or none.
	 */
	private List<Claim> claimDue(ClaimRequest request) {
		JsonRows due = lockDue(request);
		return due.isEmpty() ? List.of() : claim(due, request);
	}

	private JsonRows lockDue(ClaimRequest request) {
		JsonRows due = new JsonRows();
		this.jdbc
			.sql("""
					with urgent as materialized (%s), bulk as materialized (%s)
					select * from urgent union all select * from bulk""".formatted(due("u.urgent", ":limit"),
					due("not u.urgent", "greatest(:least, :limit - (select count(*) from urgent))")))
			.param("limit", request.limit())
			.param("least", Math.max(1, request.limit() / BULK_SHARE))
			.param("compilerVersion", request.compilerVersion())
			.param("busy", named(request.busyClusters()))
			.param("full", named(request.fullClusters()))
			.query((row) -> {
				due.unit(UnitRows.unit(row))
					.with("taken_over", row.getBoolean("taken_over"))
					.with("resyncs", row.getBoolean("resyncs"));
			});
		return due;
	}

	/**
	 * A resync counts as begun with the claim that makes it, so that one that is asked
	 * for while it lasts comes after it. The fence goes on above those of all units that
	 * are gone, as this may be one of them come back.
	 */
	private List<Claim> claim(JsonRows due, ClaimRequest request) {
		return this.jdbc
			.sql("""
					update unit u set worker = :worker, fence = greatest(u.fence, i.fence) + 1,
						lease_until = now() + make_interval(secs => :lease), claimed_at = now(),
						resync = u.resync and not due.resyncs, resyncing = u.resyncing or due.resyncs
					from installation i, %s
					where due.cluster = u.cluster and due.namespace = u.namespace and due.service = u.service
					returning u.*, due.taken_over, due.resyncs"""
				.formatted(JsonRows.as("due", "taken_over boolean", "resyncs boolean")))
			.param("worker", request.worker())
			.param("lease", UnitRows.seconds(request.lease()))
			.param("rows", due.toString())
			.query((row, number) -> claim(row))
			.list();
	}

	private static String due(String which, String limit) {
		return """
				select u.cluster, u.namespace, u.service, u.worker is not null as taken_over,
					(u.resync or u.resyncing) and u.dirty_revision <= u.done_revision as resyncs from unit u
				where %s and %s and u.not_before <= now() and (u.worker is null or u.lease_until < now())
				order by u.not_before, u.service, u.namespace, u.cluster
				limit %s for update skip locked""".formatted(which, CLAIMABLE, limit);
	}

	/** Never empty, as {@code not in ()} is no SQL; no cluster can have this name. */
	private static List<String> named(Set<String> clusters) {
		List<String> names = new ArrayList<>(clusters);
		names.add("/");
		return names;
	}

	private static Claim claim(ResultSet row) throws SQLException {
		long dirty = row.getLong("dirty_revision");
		Cause cause = (dirty > row.getLong("done_revision")) ? Cause.REVISION
				: row.getBoolean("resyncs") ? Cause.RESYNC : Cause.CONTINUATION;
		return new Claim(UnitRows.unit(row), row.getLong("fence"), dirty, cause, row.getBoolean("taken_over"),
				row.getInt("attempts"), row.getBoolean("urgent"));
	}

	@Override
	public Set<Claim> renew(Collection<Claim> claims, Duration lease) {
		return this.transaction.execute((status) -> {
			Set<Claim> held = this.locks.hold(claims);
			JsonRows rows = new JsonRows();
			held.forEach((claim) -> rows.unit(claim.unit()));
			this.jdbc
				.sql("""
						update unit u set lease_until = now() + make_interval(secs => :lease)
						from %s
						where c.cluster = u.cluster and c.namespace = u.namespace and c.service = u.service"""
					.formatted(JsonRows.as("c")))
				.param("lease", UnitRows.seconds(lease))
				.param("rows", rows.toString())
				.update();
			return held;
		});
	}

	@Override
	public void giveBack(Collection<Claim> claims) {
		this.transaction.executeWithoutResult((status) -> {
			JsonRows rows = new JsonRows();
			this.locks.hold(claims).forEach((claim) -> rows.unit(claim.unit()));
			this.jdbc
				.sql("""
						update unit u set worker = null, lease_until = null, not_before = now()
						from %s
						where c.cluster = u.cluster and c.namespace = u.namespace and c.service = u.service"""
					.formatted(JsonRows.as("c")))
				.param("rows", rows.toString())
				.update();
		});
	}

	@Override
	public int retry(String cluster) {
		return this.jdbc.sql(UnitUpdates.updateUnlocked(
				"where u.cluster = :cluster and u.attempts > 0 and u.not_before > now() and u.worker is null",
				"not_before = now()"))
			.param("cluster", cluster)
			.update();
	}

	@Override
	public int resync(String cluster) {
		return resyncs("u.cluster = :cluster", cluster, 0);
	}

	/** Nobody else is concerned, so it need not wait for bulk work. */
	@Override
	public int sync(Caller caller, ServiceRef service) {
		return this.transaction.execute((status) -> {
			this.audit.allowed(caller, ResourceId.service(service.namespace(), service.name()).toString());
			return resync(service, "manual_sync = true");
		});
	}

	@Override
	public int resync(ServiceRef service) {
		return resync(service, "manual_sync = u.manual_sync");
	}

	private int resync(ServiceRef service, String assignment) {
		return this.jdbc
			.sql(UnitUpdates.update("where u.namespace = :namespace and u.service = :service",
					"resync = true, urgent = true, " + assignment + ", not_before = now()"))
			.param("namespace", service.namespace())
			.param("service", service.name())
			.update();
	}

	/** A unit that is being pushed sees for itself, and says when it ends. */
	@Override
	public Duration endLeases(Duration atMost) {
		this.jdbc.sql(UnitUpdates.updateUnlocked("where u.lease_ends_at <= now() and u.worker is null",
				"continues = true, not_before = least(u.not_before, now()), lease_ends_at = null"))
			.update();
		double seconds = this.jdbc
			.sql("select coalesce(extract(epoch from min(u.lease_ends_at) - now()), :ceiling) from unit u "
					+ "where u.lease_ends_at is not null")
			.param("ceiling", UnitRows.seconds(atMost))
			.query(Double.class)
			.single();
		return Duration.ofNanos((long) (Math.clamp(seconds, 0, UnitRows.seconds(atMost)) * 1e9));
	}

	@Override
	public int resyncAll() {
		return lead(0);
	}

	@Override
	public int lead(int compilerVersion) {
		return resyncs("cast(:cluster as text) = ''", "", compilerVersion);
	}

	private int resyncs(String which, String cluster, int compilerVersion) {
		return this.jdbc.sql(UnitUpdates.update("where " + which, """
				resync = true, not_before = least(u.not_before, now()),
					compiler_version = greatest(u.compiler_version, :compilerVersion)"""))
			.param("cluster", cluster)
			.param("compilerVersion", compilerVersion)
			.update();
	}

	@Override
	public Duration untilDue(ClaimRequest request, Duration ceiling) {
		double seconds = this.jdbc.sql("""
				select coalesce(extract(epoch from min(case when u.worker is null then u.not_before
					else greatest(u.not_before, u.lease_until) end) - now()), :ceiling)
				from unit u where %s""".formatted(CLAIMABLE))
			.param("ceiling", UnitRows.seconds(ceiling))
			.param("compilerVersion", request.compilerVersion())
			.param("busy", named(request.busyClusters()))
			.param("full", named(request.fullClusters()))
			.query(Double.class)
			.single();
		return Duration.ofNanos((long) (Math.clamp(seconds, 0, UnitRows.seconds(ceiling)) * 1e9));
	}

}
