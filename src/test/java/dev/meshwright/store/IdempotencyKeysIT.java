package dev.meshwright.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.meshwright.store.IdempotencyKeys.Known;
import dev.meshwright.store.IdempotencyKeys.Stored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class IdempotencyKeysIT {

	private static final byte[] REQUEST = { 1, 2, 3 };

	private static final Stored OK = new Stored(200, "application/json", Map.of(), "{}");

	private static final byte[] OTHER_REQUEST = { 4, 5, 6 };

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	final IdempotencyKeys keys = this.store.idempotencyKeys();

	@Test
	void whoAsksAgainGetsTheAnswer() {
		assertThat(this.keys.claim("alice", "answered", REQUEST)).isEmpty();
		assertThat(this.keys.claim("alice", "answered", REQUEST)).contains(new Known(true, Optional.empty()));
		Stored answer = new Stored(201, "application/json",
				Map.of("Location", List.of("/a"), "Warning", List.of("299 - \"b\"", "299 - \"c\"")), "{}");
		this.keys.complete("alice", "answered", answer);
		assertThat(this.keys.claim("alice", "answered", REQUEST)).contains(new Known(true, Optional.of(answer)));
		assertThat(this.keys.claim("alice", "answered", OTHER_REQUEST)).get()
			.extracting(Known::sameRequest)
			.isEqualTo(false);
		assertThat(this.keys.claim("bob", "answered", REQUEST)).isEmpty();
	}

	@Test
	void whatAReplicaOfTheVersionBeforeAnsweredIsGivenAgain() {
		this.store.jdbc().sql("""
				insert into idempotency_key (caller, key, request_hash) values ('alice', 'before', :hash)
				on conflict (caller, key) do nothing""").param("hash", REQUEST).update();
		this.store.jdbc().sql("""
				update idempotency_key set status = 200, content_type = 'application/json', body = '{}'
				where caller = 'alice' and key = 'before' and status is null""").update();
		assertThat(this.keys.claim("alice", "before", REQUEST)).contains(new Known(true, Optional.of(OK)));
	}

	@Test
	void ofManyAtOnceOneClaims() {
		assertThat(IntStream.range(0, 50)
			.parallel()
			.mapToObj((i) -> this.keys.claim("alice", "raced", REQUEST))
			.filter(Optional::isEmpty)).hasSize(1);
	}

	@Test
	void aReleasedKeyCanBeClaimedAgainAnAnsweredOneIsNotReleased() {
		this.keys.claim("alice", "released", REQUEST);
		this.keys.release("alice", "released");
		assertThat(this.keys.claim("alice", "released", OTHER_REQUEST)).isEmpty();
		this.keys.complete("alice", "released", OK);
		this.keys.release("alice", "released");
		assertThat(this.keys.claim("alice", "released", OTHER_REQUEST)).isPresent();
	}

	@Test
	void keysAreForgottenAfterADay() {
		this.keys.claim("alice", "old", REQUEST);
		this.keys.complete("alice", "old", OK);
		this.keys.claim("alice", "abandoned", REQUEST);
		age("25 hours");
		assertThat(this.keys.claim("alice", "old", OTHER_REQUEST)).isEmpty();
		assertThat(this.store.jdbc()
			.sql("select key from idempotency_key where key in ('old', 'abandoned')")
			.query(String.class)
			.list()).containsExactly("old");
		age("23 hours");
		assertThat(this.keys.claim("alice", "old", OTHER_REQUEST)).isPresent();
	}

	@Test
	void whoDiesAtWorkKeepsItsKeyForTwoMinutes() {
		this.keys.claim("alice", "dead", REQUEST);
		this.keys.claim("alice", "done", REQUEST);
		this.keys.complete("alice", "done", OK);
		assertThat(this.keys.claim("alice", "dead", REQUEST)).isPresent();
		assertThat(this.store.jdbc()
			.sql("select extract(epoch from max(lease_until - created_at)) from idempotency_key where key = 'dead'")
			.query(Integer.class)
			.single()).isEqualTo(120);
		this.store.jdbc().sql("update idempotency_key set lease_until = now() - interval '1 second'").update();
		assertThat(this.keys.claim("alice", "dead", OTHER_REQUEST)).as("only the same request may try again")
			.isPresent();
		assertThat(this.keys.claim("alice", "dead", REQUEST)).isEmpty();
		assertThat(this.keys.claim("alice", "dead", REQUEST)).as("and has two minutes itself").isPresent();
		assertThat(this.keys.claim("alice", "done", REQUEST)).as("an answer stays").isPresent();
	}

	private void age(String interval) {
		this.store.jdbc()
			.sql("update idempotency_key set created_at = now() - :age::interval")
			.param("age", interval)
			.update();
	}

}
