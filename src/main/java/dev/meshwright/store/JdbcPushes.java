package dev.meshwright.store;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

import dev.meshwright.model.Key;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.UnitId;
import dev.meshwright.store.Units.Claim;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The transactions around the push of units with a cluster. */
@Repository
class JdbcPushes implements Pushes {

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final PostgresSignals signals;

	private final Expander expander;

	private final UnitLocks locks;

	private final ReadRows reads;

	private final IntentRows intents;

	private final UnitEnds ends;

	private final AccountRows accounts;

	JdbcPushes(JdbcClient jdbc, PlatformTransactionManager transactionManager, PostgresSignals signals) {
		this.jdbc = jdbc;
		this.transaction = new TransactionTemplate(transactionManager);
		this.signals = signals;
		this.expander = new Expander(jdbc);
		this.locks = new UnitLocks(jdbc);
		this.reads = new ReadRows(jdbc);
		this.intents = new IntentRows(jdbc);
		this.ends = new UnitEnds(jdbc);
		this.accounts = new AccountRows(jdbc);
	}

	@Override
	public Map<UnitId, PushState> states(Collection<UnitId> units) {
		return new PushStateRows(this.jdbc).read(units);
	}

	@Override
	public OptionalLong justification(Set<Key> reads, long after, long upTo) {
		if (reads.isEmpty()) {
			return OptionalLong.empty();
		}
		long revision = this.jdbc.sql("""
				select coalesce(max(revision), 0) from changed_key
				where revision > :after and revision <= :upTo and key in (:keys)""")
			.param("after", after)
			.param("upTo", upTo)
			.param("keys", reads.stream().map(Key::text).toList())
			.query(Long.class)
			.single();
		return (revision > 0) ? OptionalLong.of(revision) : OptionalLong.empty();
	}

	@Override
	public boolean overridden(Set<Key> targets, long after, long upTo) {
		return this.jdbc.sql("""
				select exists (select 1 from changed_key k
					join resource_change c on c.revision = k.revision and c.kind = 'Override'
						and (c.before -> 'spec') is distinct from (c.after -> 'spec')
					where k.revision > :after and k.revision <= :upTo and k.key in (:keys))""")
			.param("after", after)
			.param("upTo", upTo)
			.param("keys", targets.stream().map(Key::text).toList())
			.query(Boolean.class)
			.single();
	}

	@Override
	public SortedSet<ObjectRef> notAdmitting(UnitId caller, Collection<String> former, String account) {
		return this.accounts.notAdmitting(caller, former, account);
	}

	@Override
	public Optional<PlanLimit> limit(UnitId unit, Set<Key> reads, long upTo) {
		return new AppliedPlans(this.jdbc, this.signals).limit(unit, reads, upTo);
	}

	@Override
	public List<Begun> begin(Collection<PushBeginning> beginnings) {
		return this.transaction.execute((status) -> {
			long expanded = this.expander.share();
			Set<Claim> held = this.locks.hold(beginnings.stream().map(PushBeginning::claim).toList());
			List<PushBeginning> begun = beginnings.stream().filter((each) -> held.contains(each.claim())).toList();
			if (begun.isEmpty()) {
				return List.of();
			}
			this.reads.record(begun.stream()
				.map((each) -> new ReadRows.Reads(each.claim().unit(), each.revision(), each.reads()))
				.toList(), expanded);
			compiled(begun);
			this.accounts.use(begun);
			this.intents.tombstones(begun);
			IntentRows.Opened opened = this.intents.open(begun);
			return begun.stream().map((each) -> opened.of(each.claim())).toList();
		});
	}

	private void compiled(List<PushBeginning> begun) {
		JsonRows rows = new JsonRows();
		begun.forEach((each) -> rows.unit(each.claim().unit())
			.with("revision", each.revision())
			.with("version", each.compilerVersion())
			.with("compiled", each.compiled())
			.with("planned", each.planned()));
		this.jdbc
			.sql("""
					update unit u set compiler_version = greatest(u.compiler_version, r.version), compiled_revision =
						case when r.compiled then greatest(u.compiled_revision, r.revision) else u.compiled_revision end,
						planned_revision =
							case when r.planned then greatest(u.planned_revision, r.revision) else u.planned_revision end
					from %s
					where r.cluster = u.cluster and r.namespace = u.namespace and r.service = u.service
						and (u.compiler_version < r.version or (r.compiled and u.compiled_revision <> r.revision)
							or (r.planned and u.planned_revision < r.revision))"""
				.formatted(JsonRows.as("r", "revision bigint, version integer, compiled boolean, planned boolean")))
			.param("rows", rows.toString())
			.update();
	}

	@Override
	public long lastDeletion(UnitId unit) {
		return new AdmissionRows(this.jdbc).lastDeletion(unit);
	}

	@Override
	public Admission admit(String cluster, long revision) {
		return new AdmissionRows(this.jdbc).admit(cluster, revision);
	}

	@Override
	public Set<Manifest.Need> missing(UnitId unit, Set<Manifest.Need> needs) {
		return needs.isEmpty() ? Set.of() : new NeedRows(this.jdbc).missing(unit, needs);
	}

	@Override
	public Use use(UnitId unit, Set<String> keys) {
		return new NeedRows(this.jdbc).use(unit, keys);
	}

	@Override
	public Set<Claim> finish(Collection<PushEnd> ends) {
		Set<Key> fewer = new HashSet<>();
		Set<Claim> held = this.transaction.execute((status) -> {
			Set<Claim> claims = this.locks.hold(ends.stream().map(PushEnd::claim).toList());
			List<PushEnd> done = ends.stream().filter((each) -> claims.contains(each.claim())).toList();
			if (!done.isEmpty() && this.ends.store(done)) {
				this.signals.announce(Signals.Topic.STATUS);
			}
			fewer.addAll(this.accounts.settle(done));
			return claims;
		});
		this.ends.wake(ends.stream().filter((each) -> held.contains(each.claim())).toList());
		this.accounts.wake(fewer);
		return held;
	}

}
