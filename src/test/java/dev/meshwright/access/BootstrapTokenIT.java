package dev.meshwright.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.StoreFixture;
import dev.meshwright.store.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class BootstrapTokenIT {

	private static final String OLD = "old-0123456789abcdef0123456789abcdef";

	private static final String NEW = "new-0123456789abcdef0123456789abcdef";

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private final Tokens tokens = new StoreFixture(database.dataSource()).tokens();

	@TempDir
	Path directory;

	@Test
	void anotherTokenInTheFileRevokesTheOneBefore() throws IOException {
		start(OLD);
		start(OLD + "\n");
		assertThat(this.tokens.holder(OLD)).contains(new Tokens.Holder("admin", "admin"));
		start(NEW);
		assertThat(this.tokens.holder(OLD)).isEmpty();
		assertThat(this.tokens.holder(NEW)).isPresent();
		assertThatIllegalStateException().isThrownBy(() -> start(OLD))
			.withMessageContaining("revoked")
			.withMessageNotContaining(OLD);
		assertThat(this.tokens.holder(NEW)).isPresent();
		assertThatIllegalStateException().isThrownBy(() -> start("short")).withMessageContaining("at least 32");
	}

	private void start(String content) throws IOException {
		Path file = Files.writeString(this.directory.resolve("token"), content);
		new BootstrapToken(file.toString(), this.tokens).afterSingletonsInstantiated();
	}

}
