package dev.meshwright.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;

import dev.meshwright.ChildApplication;
import dev.meshwright.document.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class LocalRunE2E {

	/** One for all tests, so that Postgres is unpacked and initialised once. */
	@TempDir
	static Path home;

	@Test
	void saysWhereItIsAndServesTheHolderOfItsToken() throws IOException {
		try (ChildApplication application = ChildApplication.start(home)) {
			String token = token();
			application.awaitOutput(Pattern.compile("Meshwright is ready.*Token", Pattern.DOTALL));
			assertThat(application.output()).contains(application.address() + "/api/v1")
				.contains(application.address() + "/swagger-ui.html")
				.contains(home.toRealPath().resolve(".meshwright/token").toString())
				.doesNotContain(token)
				.doesNotContain(Files.readString(home.resolve(".meshwright/postgres-password")).strip())
				.doesNotContain("generated security password");
			assertThat(mode(".meshwright")).isEqualTo("rwx------");
			assertThat(mode(".meshwright/token")).isEqualTo("rw-------");
			assertThat(application.send("GET", "/api/v1/clusters/local", null, null).statusCode()).isEqualTo(401);
			assertThat(application.send("GET", "/api/v1/clusters/local", "wrong" + token, null).statusCode())
				.isEqualTo(401);
			JsonNode cluster = get(application, "/api/v1/clusters/local");
			assertThat(cluster.at("/spec/mesh").asString()).isEqualTo("istio");
			assertThat(cluster.at("/spec/gateways/0/name").asString()).isEqualTo("public");
			assertThat(cluster.at("/metadata/updatedBy").asString()).isEqualTo("system:local");
		}
	}

	@Test
	void ctrlCAndASecondStartKeepEverything() throws IOException {
		String uid;
		String token;
		int revisions;
		try (ChildApplication application = ChildApplication.start(home)) {
			uid = declare(application, "kept");
			token = token();
			revisions = get(application, "/api/v1/revisions").at("/items").size();
			application.interrupt();
		}
		assertThat(home.resolve(".meshwright/postgres/postmaster.pid")).as("Postgres was stopped").doesNotExist();
		try (ChildApplication application = ChildApplication.start(home)) {
			assertThat(token()).isEqualTo(token);
			assertThat(get(application, path("kept")).at("/metadata/uid").asString()).isEqualTo(uid);
			assertThat(get(application, "/api/v1/revisions").at("/items")).as("restarting declares nothing anew")
				.hasSize(revisions);
		}
	}

	@Test
	void kill9LeavesAPostgresThatTheNextStartStops() throws IOException {
		String uid;
		ProcessHandle leftover;
		try (ChildApplication application = ChildApplication.start(home)) {
			uid = declare(application, "survivor");
			application.kill();
			leftover = postmaster();
			assertThat(leftover.isAlive()).as("the server outlives its JVM").isTrue();
		}
		try (ChildApplication application = ChildApplication.start(home)) {
			assertThat(leftover.isAlive()).isFalse();
			assertThat(postmaster().pid()).isNotEqualTo(leftover.pid());
			assertThat(get(application, path("survivor")).at("/metadata/uid").asString()).isEqualTo(uid);
		}
		finally {
			leftover.destroyForcibly();
		}
	}

	@Test
	void aSecondOneInTheSameDirectoryIsRefusedAndHarmsNothing() throws IOException {
		try (ChildApplication application = ChildApplication.start(home)) {
			String uid = declare(application, "alone");
			try {
				ChildApplication.start(home).close();
				throw new AssertionError("a second application started");
			}
			catch (IllegalStateException ex) {
				assertThat(ex).hasMessageContaining("Another Meshwright is running on")
					.hasMessageContaining("meshwright.local.directory");
			}
			assertThat(get(application, path("alone")).at("/metadata/uid").asString()).isEqualTo(uid);
		}
	}

	private static String path(String namespace) {
		return "/api/v1/namespaces/" + namespace;
	}

	private String declare(ChildApplication application, String namespace) throws IOException {
		var answer = application.send("PUT", path(namespace), token(), "{\"spec\": {\"owner\": \"team-shop\"}}");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
		return Json.mapper().readTree(answer.body()).at("/metadata/uid").asString();
	}

	private JsonNode get(ChildApplication application, String path) throws IOException {
		var answer = application.send("GET", path, token(), null);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		return Json.mapper().readTree(answer.body());
	}

	private ProcessHandle postmaster() throws IOException {
		String pid = Files.readAllLines(home.resolve(".meshwright/postgres/postmaster.pid")).getFirst();
		return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
	}

	private String token() throws IOException {
		return Files.readString(home.resolve(".meshwright/token")).strip();
	}

	private String mode(String path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(path)));
	}

}
