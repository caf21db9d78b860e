package dev.meshwright.store;

import javax.sql.DataSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The store on a database, wired as the application wires it, without an application. Two
 * of them on one database are two replicas.
 */
public final class StoreFixture {

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final Snapshots snapshots;

	private final Resources resources;

	private final Commits commits;

	private final Revisions revisions;

	private final History history;

	private final PostgresSignals signals;

	private final Tokens tokens;

	private final AuditLog auditLog;

	private final IdempotencyKeys idempotencyKeys;

	private final Facts facts;

	private final Installation installation;

	private final Jobs jobs;

	private final Halts halts;

	private final Overrides overrides;

	private final BackupStates backupStates;

	public StoreFixture(DataSource dataSource) {
		this.jdbc = JdbcClient.create(dataSource);
		PlatformTransactionManager transactions = new JdbcTransactionManager(dataSource);
		this.transaction = new TransactionTemplate(transactions);
		SpecReader specs = new SpecReader();
		this.signals = new PostgresSignals(this.jdbc, dataSource);
		this.auditLog = new JdbcAuditLog(this.jdbc);
		this.snapshots = new JdbcSnapshots(this.jdbc, specs, transactions);
		this.resources = new JdbcResources(this.jdbc, specs, transactions);
		this.commits = new JdbcCommits(this.jdbc, specs, this.auditLog, this.signals, transactions);
		this.revisions = new JdbcRevisions(this.jdbc);
		this.history = new JdbcHistory(this.jdbc, transactions);
		this.tokens = new JdbcTokens(this.jdbc);
		this.idempotencyKeys = new JdbcIdempotencyKeys(this.jdbc);
		this.facts = new JdbcFacts(this.jdbc, transactions);
		this.installation = new JdbcInstallation(this.jdbc);
		this.jobs = new JdbcJobs(this.jdbc, this.signals, transactions);
		this.halts = new JdbcHalts(this.jdbc, this.auditLog, transactions);
		this.overrides = new JdbcOverrides(this.jdbc, specs, transactions);
		this.backupStates = new JdbcBackupStates(this.jdbc, specs, this.signals, transactions);
	}

	/** SQL, for what no interface shows. */
	public JdbcClient jdbc() {
		return this.jdbc;
	}

	/** A transaction around calls of the store. */
	public TransactionTemplate transaction() {
		return this.transaction;
	}

	public Snapshots snapshots() {
		return this.snapshots;
	}

	public Resources resources() {
		return this.resources;
	}

	public Commits commits() {
		return this.commits;
	}

	public Revisions revisions() {
		return this.revisions;
	}

	public History history() {
		return this.history;
	}

	/** Signals that hear only this replica until {@link #listen()}. */
	public Signals signals() {
		return this.signals;
	}

	public Tokens tokens() {
		return this.tokens;
	}

	public AuditLog auditLog() {
		return this.auditLog;
	}

	public IdempotencyKeys idempotencyKeys() {
		return this.idempotencyKeys;
	}

	public Facts facts() {
		return this.facts;
	}

	public Jobs jobs() {
		return this.jobs;
	}

	public Halts halts() {
		return this.halts;
	}

	public Overrides overrides() {
		return this.overrides;
	}

	public BackupStates backupStates() {
		return this.backupStates;
	}

	public Installation installation() {
		return this.installation;
	}

	/** Listens to other replicas until it is closed. */
	public AutoCloseable listen() {
		this.signals.start();
		return this.signals::stop;
	}

}
