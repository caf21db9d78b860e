package dev.meshwright.store;

import javax.sql.DataSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What reconcile asks of the store, on a database, without an application. */
public record ReconcileStore(Units units, Pushes pushes, Watches watches, Placements placements, Statuses statuses,
		Deletions deletions, Backlogs backlogs, Adoptions adoptions, Upgrades upgrades, Orphans orphans,
		ClusterObjects objects) {

	public static ReconcileStore on(DataSource dataSource) {
		JdbcClient jdbc = JdbcClient.create(dataSource);
		JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
		PostgresSignals signals = new PostgresSignals(jdbc, dataSource);
		JdbcAuditLog audit = new JdbcAuditLog(jdbc);
		JdbcUnits units = new JdbcUnits(jdbc, transactions, audit);
		return new ReconcileStore(units, new JdbcPushes(jdbc, transactions, signals),
				new JdbcWatches(jdbc, transactions, signals), new JdbcPlacements(jdbc, transactions, signals),
				new JdbcStatuses(jdbc), new JdbcDeletions(jdbc, audit, signals, transactions),
				new JdbcBacklogs(jdbc, transactions), new JdbcAdoptions(jdbc, units, audit, signals, transactions),
				new JdbcUpgrades(jdbc, audit, transactions), new JdbcOrphans(jdbc, audit, signals, transactions),
				new JdbcClusterObjects(jdbc));
	}

}
