package dev.meshwright.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Rows of {@code token}, found by hash. Nothing is cached, so that a revocation holds
 * from the next request on; looking a token up is one read of the primary key.
 */
@Repository
class JdbcTokens implements Tokens {

	private static final String PREFIX = "mw_";

	private static final int RANDOM_BYTES = 32;

	private static final int SHORTEST = 32;

	private final SecureRandom random = new SecureRandom();

	private final JdbcClient jdbc;

	JdbcTokens(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public String issue(String owner, String role) {
		byte[] bytes = new byte[RANDOM_BYTES];
		this.random.nextBytes(bytes);
		String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
		register(token, owner, role);
		return token;
	}

	@Override
	public void register(String token, String owner, String role) {
		insert(token, owner, role, null);
	}

	private void insert(String token, String owner, String role, @Nullable String source) {
		if (token.length() < SHORTEST) {
			throw new IllegalArgumentException("A token has at least " + SHORTEST + " characters, this one "
					+ token.length() + "; make it longer");
		}
		this.jdbc.sql("""
				insert into token (sha256, owner, role, source) values (:sha256, :owner, :role, :source)
				on conflict (sha256) do update set source = excluded.source
				where token.source is null and token.revoked_at is null""")
			.param("sha256", sha256(token))
			.param("owner", owner)
			.param("role", role)
			.param("source", source)
			.update();
	}

	@Override
	public boolean replace(String source, String token, String owner, String role) {
		insert(token, owner, role, source);
		if (holder(token).isEmpty()) {
			return false;
		}
		this.jdbc.sql("""
				update token set revoked_at = now()
				where source = :source and sha256 <> :sha256 and revoked_at is null""")
			.param("source", source)
			.param("sha256", sha256(token))
			.update();
		return true;
	}

	@Override
	public boolean revoke(String token) {
		return this.jdbc.sql("update token set revoked_at = now() where sha256 = :sha256 and revoked_at is null")
			.param("sha256", sha256(token))
			.update() == 1;
	}

	@Override
	public Optional<Holder> holder(String token) {
		return this.jdbc.sql("select owner, role from token where sha256 = :sha256 and revoked_at is null")
			.param("sha256", sha256(token))
			.query((row, number) -> new Holder(row.getString("owner"), row.getString("role")))
			.optional();
	}

	private static byte[] sha256(String token) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
