package dev.meshwright.store;

import dev.meshwright.store.Tokens.Holder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TokensIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	final Tokens tokens = this.store.tokens();

	@Test
	void anIssuedTokenStandsForItsOwner() {
		String token = this.tokens.issue("alice", "admin");
		assertThat(token).matches("mw_[A-Za-z0-9_-]{43}").isNotEqualTo(this.tokens.issue("alice", "admin"));
		assertThat(this.tokens.holder(token)).contains(new Holder("alice", "admin"));
		assertThat(this.tokens.holder(token + "x")).isEmpty();
		assertThat(this.tokens.holder("")).isEmpty();
	}

	@Test
	void onlyTheHashIsKept() {
		String token = this.tokens.issue("carol", "admin");
		assertThat(this.store.jdbc().sql("select row_to_json(token)::text from token").query(String.class).list())
			.isNotEmpty()
			.noneMatch((row) -> row.contains(token));
	}

	@Test
	void aRevokedTokenIsNone() {
		String token = this.tokens.issue("dave", "admin");
		this.store.jdbc().sql("update token set revoked_at = now() where owner = 'dave'").update();
		assertThat(this.tokens.holder(token)).isEmpty();
		this.tokens.register(token, "dave", "admin");
		assertThat(this.tokens.holder(token)).isEmpty();
	}

	@Test
	void theOperatorsTokenIsRegisteredOnce() {
		String token = "0123456789abcdef0123456789abcdef";
		this.tokens.register(token, "first", "admin");
		this.tokens.register(token, "second", "admin");
		assertThat(this.tokens.holder(token)).contains(new Holder("first", "admin"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.tokens.register("short", "first", "admin"))
			.withMessageNotContaining("short");
	}

}
