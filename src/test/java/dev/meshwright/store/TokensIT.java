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
		String other = this.tokens.issue("dave", "admin");
		assertThat(this.tokens.revoke(token)).isTrue();
		assertThat(this.tokens.revoke(token)).isFalse();
		assertThat(this.tokens.holder(token)).isEmpty();
		assertThat(this.tokens.holder(other)).isPresent();
		this.tokens.register(token, "dave", "admin");
		assertThat(this.tokens.holder(token)).isEmpty();
	}

	@Test
	void ofASourceOneTokenHoldsAndNoneComesBack() {
		String first = "first-0123456789abcdef0123456789abcdef";
		String second = "second-0123456789abcdef0123456789abcdef";
		String issued = this.tokens.issue("erin", "admin");
		assertThat(this.tokens.replace("file", first, "erin", "admin")).isTrue();
		assertThat(this.tokens.replace("file", first, "erin", "admin")).isTrue();
		assertThat(this.tokens.replace("file", second, "erin", "admin")).isTrue();
		assertThat(this.tokens.holder(first)).isEmpty();
		assertThat(this.tokens.holder(second)).isPresent();
		assertThat(this.tokens.replace("file", first, "erin", "admin")).isFalse();
		assertThat(this.tokens.holder(second)).as("a replica that still has the old one changes nothing").isPresent();
		assertThat(this.tokens.holder(issued)).isPresent();
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
