package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.failover.BackupState;
import dev.meshwright.model.failover.BackupState.Phase;
import dev.meshwright.model.failover.BackupState.Seen;
import dev.meshwright.model.failover.FailoverPolicySpec;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Rows of {@code backup_state}. */
@Repository
class JdbcBackupStates implements BackupStates {

	private static final String SERVICES = Columns
		.few("unnest(:namespaces::text[], :services::text[]) as s(namespace, service)", "s", "namespace");

	private static final String WITH_BACKUP = """
			r.kind = 'FailoverPolicy' and jsonb_typeof(r.spec -> 'backup') = 'object'
			and r.spec ->> 'service' is not null""";

	private final JdbcClient jdbc;

	private final SpecReader specs;

	private final PostgresSignals signals;

	private final TransactionTemplate transaction;

	JdbcBackupStates(JdbcClient jdbc, SpecReader specs, PostgresSignals signals,
			PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.specs = specs;
		this.signals = signals;
		this.transaction = new TransactionTemplate(transactionManager);
	}

	@Override
	public List<Due> claim(int most, Duration interval) {
		this.jdbc
			.sql("""
					insert into backup_state (namespace, service, phase, since)
					select distinct r.namespace, r.spec ->> 'service', 'Healthy', now() from resource r where\s"""
					+ WITH_BACKUP + " and not exists (select 1 from backup_state b where b.namespace = r.namespace"
					+ " and b.service = r.spec ->> 'service') on conflict do nothing")
			.update();
		this.jdbc
			.sql("delete from backup_state b where not exists (select 1 from resource r where " + WITH_BACKUP
					+ " and r.namespace = b.namespace and r.spec ->> 'service' = b.service)")
			.update();
		return this.transaction.execute((status) -> due(most, interval));
	}

	private List<Due> due(int most, Duration interval) {
		Map<ServiceRef, Row> rows = new HashMap<>();
		this.jdbc.sql("""
				with due as (select namespace, service from backup_state where next_at <= now() order by next_at
					limit :most for update skip locked)
				update backup_state b set next_at = now() + make_interval(secs => :interval), fence = b.fence + 1
				from due d where d.namespace = b.namespace and d.service = b.service
				returning b.*, now() as now""")
			.param("most", most)
			.param("interval", UnitRows.seconds(interval))
			.query((row) -> {
				rows.put(service(row), new Row(state(row), row.getLong("fence"), ResourceRow.instant(row, "now")));
			});
		List<Due> due = new ArrayList<>();
		policies(rows.keySet()).forEach((policy) -> {
			Row row = rows.get(new ServiceRef(policy.id().namespace(), String.valueOf(policy.spec().service())));
			if (row != null && policy.spec().backup() != null) {
				due.add(new Due(policy, row.state, row.fence, row.now));
			}
		});
		return due;
	}

	private List<Resource<FailoverPolicySpec>> policies(Collection<ServiceRef> services) {
		return this.jdbc
			.sql("select " + ResourceRow.DECLARED
					+ """
							from %s join resource r on r.kind = :kind and r.namespace = s.namespace and r.spec ->> 'service' = s.service"""
						.formatted(SERVICES))
			.params(columns(services))
			.param("kind", Kind.FAILOVER_POLICY.toString())
			.query((ResultSet row, int number) -> ResourceRow.read(row))
			.list()
			.stream()
			.flatMap(Optional::stream)
			.flatMap((row) -> this.specs.bind(row).stream())
			.map((stored) -> stored.resource().as(FailoverPolicySpec.class))
			.toList();
	}

	@Override
	public boolean keep(Due due, BackupState state, Seen seen, String message) {
		return this.transaction.execute((status) -> {
			boolean kept = update(due, state, seen, message);
			if (kept && state.phase() != due.state().phase()) {
				this.signals.announce(Signals.Topic.STATUS);
			}
			return kept;
		});
	}

	private boolean update(Due due, BackupState state, Seen seen, String message) {
		return this.jdbc.sql("""
				update backup_state set phase = :phase, since = :since, known_at = :known, switched_at = :switched,
					flaps = :flaps, seen = :seen, message = :message, looked_at = :looked
				where namespace = :namespace and service = :service and fence = :fence""")
			.param("phase", state.phase().toString())
			.param("since", state.since().atOffset(ZoneOffset.UTC))
			.param("known", time(state.knownAt()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
			.param("switched", time(state.switchedAt()), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
			.param("flaps", state.flaps())
			.param("seen", seen.toString())
			.param("message", message)
			.param("looked", due.now().atOffset(ZoneOffset.UTC))
			.param("namespace", due.policy().id().namespace())
			.param("service", due.policy().spec().service())
			.param("fence", due.fence())
			.update() == 1;
	}

	@Override
	public Map<ServiceRef, Known> of(Collection<ServiceRef> services) {
		Map<ServiceRef, Known> known = new HashMap<>();
		this.jdbc
			.sql("""
					select b.* from %s join backup_state b on b.namespace = s.namespace and b.service = s.service"""
				.formatted(SERVICES))
			.params(columns(services))
			.query((row) -> {
				known.put(service(row), new Known(state(row), constant(Seen.values(), row.getString("seen")),
						row.getString("message"), UnitRows.instant(row, "looked_at")));
			});
		return known;
	}

	private static Map<String, Object> columns(Collection<ServiceRef> services) {
		return Map.of("namespaces", Columns.texts(services, ServiceRef::namespace), "services",
				Columns.texts(services, ServiceRef::name));
	}

	private static ServiceRef service(ResultSet row) throws SQLException {
		return new ServiceRef(row.getString("namespace"), row.getString("service"));
	}

	private static BackupState state(ResultSet row) throws SQLException {
		return new BackupState(constant(Phase.values(), row.getString("phase")), ResourceRow.instant(row, "since"),
				UnitRows.instant(row, "known_at"), UnitRows.instant(row, "switched_at"), row.getInt("flaps"));
	}

	private static <E extends Enum<E>> E constant(E[] constants, String text) {
		return Arrays.stream(constants).filter((each) -> each.toString().equals(text)).findFirst().orElseThrow();
	}

	private static java.time.@Nullable OffsetDateTime time(@Nullable Instant instant) {
		return (instant != null) ? instant.atOffset(ZoneOffset.UTC) : null;
	}

	private record Row(BackupState state, long fence, Instant now) {
	}

}
