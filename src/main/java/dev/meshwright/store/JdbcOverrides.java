package dev.meshwright.store;

import java.sql.ResultSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.override.OverrideSpec;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Overrides by kind. Times are compared where they are bound: the database reads fewer
 * forms of RFC 3339, and one that it cannot read would stop all of them.
 */
@Repository
class JdbcOverrides implements Overrides {

	private final JdbcClient jdbc;

	private final SpecReader specs;

	private final ConsistentRead consistent;

	JdbcOverrides(JdbcClient jdbc, SpecReader specs, PlatformTransactionManager transactionManager) {
		this.jdbc = jdbc;
		this.specs = specs;
		this.consistent = new ConsistentRead(jdbc, transactionManager);
	}

	@Override
	public Timed timed() {
		return this.consistent.read(() -> {
			Instant now = JdbcInstallation.now(this.jdbc);
			List<Resource<OverrideSpec>> overrides = this.jdbc
				.sql("select " + ResourceRow.DECLARED
						+ " from resource r where r.kind = :kind and r.spec ->> 'expiresAt' is not null")
				.param("kind", Kind.OVERRIDE.toString())
				.query((ResultSet row, int number) -> ResourceRow.read(row))
				.list()
				.stream()
				.flatMap(Optional::stream)
				.flatMap((row) -> this.specs.bind(row).stream())
				.map((stored) -> stored.resource().as(OverrideSpec.class))
				.toList();
			return new Timed(overrides, now);
		});
	}

}
