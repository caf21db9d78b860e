package dev.meshwright.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.document.Json;
import dev.meshwright.model.Key;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows of {@code unit_read}. Used with the expansion shared and the units' rows locked.
 */
final class ReadRows {

	private final JdbcClient jdbc;

	private final ValidatedReads validated;

	ReadRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
		this.validated = new ValidatedReads(jdbc);
	}

	/**
	 * What a unit read.
	 *
	 * @param unit the unit
	 * @param revision the revision of the snapshot it read
	 * @param keys the keys
	 */
	record Reads(UnitId unit, long revision, Set<Key> keys) {
	}

	/**
	 * Replaces the reads of units; equal ones cost nothing. Then makes those dirty again
	 * of whose keys one was changed above their snapshot and already expanded: the
	 * expander could not know the new reads.
	 * @param expanded up to where changed keys were expanded
	 */
	void record(Collection<Reads> reads, long expanded) {
		JsonRows rows = new JsonRows();
		reads.forEach((read) -> rows.unit(read.unit).with("hash", hash(read.keys)));
		Set<UnitId> changed = Set.copyOf(this.jdbc.sql("""
				update unit u set reads_hash = r.hash
				from %s
				where r.cluster = u.cluster and r.namespace = u.namespace and r.service = u.service
					and u.reads_hash <> r.hash
				returning u.cluster, u.namespace, u.service""".formatted(JsonRows.as("r", "hash text")))
			.param("rows", rows.toString())
			.query((row, number) -> UnitRows.unit(row))
			.list());
		if (!changed.isEmpty()) {
			replace(reads.stream().filter((read) -> changed.contains(read.unit)).toList());
		}
		this.validated.forget(reads);
		Collection<Reads> overtaken = reads.stream().filter((read) -> read.revision < expanded).toList();
		if (!overtaken.isEmpty()) {
			redirty(overtaken, expanded);
		}
	}

	private void replace(Collection<Reads> reads) {
		JsonRows rows = new JsonRows();
		reads.forEach((read) -> rows.unit(read.unit).with("keys", read.keys.stream().map(Key::text).toList()));
		String json = rows.toString();
		this.jdbc
			.sql("""
					delete from unit_read r
					using %s
					where n.cluster = r.cluster and n.namespace = r.namespace and n.service = r.service
						and r.key not in (select jsonb_array_elements_text(n.keys))"""
				.formatted(JsonRows.as("n", "keys jsonb")))
			.param("rows", json)
			.update();
		this.jdbc.sql("""
				insert into unit_read (key, cluster, namespace, service)
				select k.key, n.cluster, n.namespace, n.service
				from %s,
					jsonb_array_elements_text(n.keys) as k(key)
				on conflict do nothing""".formatted(JsonRows.as("n", "keys jsonb"))).param("rows", json).update();
	}

	private void redirty(Collection<Reads> reads, long expanded) {
		JsonRows rows = new JsonRows();
		reads.forEach((read) -> rows.unit(read.unit).with("revision", read.revision));
		this.jdbc.sql("""
				with changed as (
					select n.cluster, n.namespace, n.service, max(c.revision) as revision
					from %s
					join unit_read r on r.cluster = n.cluster and r.namespace = n.namespace
						and r.service = n.service
					join changed_key c on c.key = r.key and c.revision > n.revision and c.revision <= :expanded
					group by n.cluster, n.namespace, n.service)
				update unit u set dirty_revision = greatest(u.dirty_revision, changed.revision)
				from changed where changed.cluster = u.cluster and changed.namespace = u.namespace
					and changed.service = u.service""".formatted(JsonRows.as("n", "revision bigint")))
			.param("rows", rows.toString())
			.param("expanded", expanded)
			.update();
	}

	private static String hash(Set<Key> keys) {
		byte[] sorted = Json.mapper()
			.writeValueAsString(new TreeSet<>(keys).stream().map(Key::text).toList())
			.getBytes(StandardCharsets.UTF_8);
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sorted));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

}
