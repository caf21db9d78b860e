package dev.meshwright.store;

import java.time.Instant;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The id that the first migration drew. */
@Repository
class JdbcInstallation implements Installation {

	private final JdbcClient jdbc;

	JdbcInstallation(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public String id() {
		return this.jdbc.sql("select id from installation").query(String.class).single();
	}

	@Override
	public long revision() {
		return new Head(this.jdbc).present();
	}

	@Override
	public Instant now() {
		return now(this.jdbc);
	}

	/** The database's time; within a transaction, that of its beginning. */
	static Instant now(JdbcClient jdbc) {
		return jdbc.sql("select now() as now").query((row, number) -> ResourceRow.instant(row, "now")).single();
	}

	@Override
	public void raiseFence(long fence) {
		this.jdbc.sql("update installation set fence = greatest(fence, :fence)").param("fence", fence).update();
	}

}
