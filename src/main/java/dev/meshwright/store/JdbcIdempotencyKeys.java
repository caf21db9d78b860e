package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.document.Json;
import tools.jackson.core.type.TypeReference;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Rows of {@code idempotency_key}, forgotten after 24 hours of database time. */
@Repository
class JdbcIdempotencyKeys implements IdempotencyKeys {

	/** So many expired rows of anybody go with each claim: more than a claim adds. */
	private static final int SWEEP = 20;

	private static final TypeReference<Map<String, List<String>>> HEADERS = new TypeReference<>() {
	};

	private final JdbcClient jdbc;

	JdbcIdempotencyKeys(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public Optional<Known> claim(String caller, String key, byte[] requestHash) {
		sweep();
		while (true) {
			if (insert(caller, key, requestHash)) {
				return Optional.empty();
			}
			Optional<Known> known = find(caller, key, requestHash);
			// gone when its first claimant released it in between
			if (known.isPresent()) {
				return known;
			}
		}
	}

	private void sweep() {
		this.jdbc.sql("""
				delete from idempotency_key where (caller, key) in (
					select caller, key from idempotency_key
					where created_at < now() - interval '24 hours' order by created_at limit :sweep
					for update skip locked)""").param("sweep", SWEEP).update();
	}

	private boolean insert(String caller, String key, byte[] requestHash) {
		return this.jdbc
			.sql("""
					insert into idempotency_key as known (caller, key, request_hash) values (:caller, :key, :requestHash)
					on conflict (caller, key) do update set request_hash = excluded.request_hash, status = null,
						content_type = null, headers = '{}', body = null, created_at = now(), lease_until = excluded.lease_until
					where known.created_at < now() - interval '24 hours' or (known.status is null
						and known.lease_until < now() and known.request_hash = excluded.request_hash)""")
			.param("caller", caller)
			.param("key", key)
			.param("requestHash", requestHash)
			.update() == 1;
	}

	private Optional<Known> find(String caller, String key, byte[] requestHash) {
		return this.jdbc.sql("""
				select request_hash, status, content_type, headers, body
				from idempotency_key where caller = :caller and key = :key""")
			.param("caller", caller)
			.param("key", key)
			.query((row, number) -> new Known(Arrays.equals(requestHash, row.getBytes("request_hash")), answer(row)))
			.optional();
	}

	private static Optional<Stored> answer(ResultSet row) throws SQLException {
		int status = row.getInt("status");
		return row.wasNull() ? Optional.empty() : Optional.of(new Stored(status, row.getString("content_type"),
				Json.mapper().readValue(row.getString("headers"), HEADERS), row.getString("body")));
	}

	@Override
	public void complete(String caller, String key, Stored answer) {
		this.jdbc.sql("""
				update idempotency_key
				set status = :status, content_type = :contentType, headers = :headers::jsonb, body = :body
				where caller = :caller and key = :key and status is null""")
			.param("status", answer.status())
			.param("contentType", answer.contentType())
			.param("headers", Json.mapper().writeValueAsString(answer.headers()))
			.param("body", answer.body())
			.param("caller", caller)
			.param("key", key)
			.update();
	}

	@Override
	public void release(String caller, String key) {
		this.jdbc.sql("delete from idempotency_key where caller = :caller and key = :key and status is null")
			.param("caller", caller)
			.param("key", key)
			.update();
	}

}
