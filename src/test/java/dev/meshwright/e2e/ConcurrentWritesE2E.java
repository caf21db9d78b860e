package dev.meshwright.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.zaxxer.hikari.HikariDataSource;
import dev.meshwright.store.PostgresTestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writers who meet: each write is whole, none is lost, and what is right alone but wrong
 * together does not commit.
 */
class ConcurrentWritesE2E {

	private static final PostgresTestDatabase DATABASE = new PostgresTestDatabase();

	@TempDir
	static Path directory;

	private static MeshwrightProcess meshwright;

	@BeforeAll
	static void start() throws Exception {
		meshwright = new MeshwrightProcess(directory,
				Map.of("spring.datasource.url", DATABASE.jdbcUrl(), "spring.datasource.username",
						PostgresTestDatabase.USER, "spring.datasource.password", DATABASE.password()));
		meshwright.start();
	}

	@AfterAll
	static void stop() {
		meshwright.close();
		((HikariDataSource) DATABASE.dataSource()).close();
	}

	@Test
	void aThousandPutsWithIfMatchHaveOneWinnerEach() throws Exception {
		ApiClient api = meshwright.client();
		assertThat(api.put("/api/v1/namespaces/race", "{\"spec\": {\"placement\": {\"clusters\": []}}}").status())
			.isEqualTo(201);
		String path = "/api/v1/namespaces/race/services/counter";
		assertThat(api.put(path, service(8080)).status()).isEqualTo(201);
		long firstRevision = api.get("/api/v1/revisions?limit=1")
			.body()
			.path("items")
			.path(0)
			.path("revision")
			.asLong();

		List<String> won = new ArrayList<>();
		Map<Integer, Integer> statuses = new HashMap<>();
		int port = 10_000;
		int sent = 0;
		try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
			while (sent < 1000) {
				String version = api.get(path).body().path("metadata").path("resourceVersion").asString();
				CountDownLatch together = new CountDownLatch(1);
				List<Future<ApiClient.Answer>> answers = new ArrayList<>();
				for (int i = 0; i < 20; i++, sent++) {
					String body = service(++port);
					answers.add(callers.submit(() -> {
						together.await();
						return api.put(path, body, "If-Match", "\"" + version + "\"");
					}));
				}
				together.countDown();
				int winners = 0;
				for (Future<ApiClient.Answer> answer : answers) {
					statuses.merge(answer.get().status(), 1, Integer::sum);
					if (answer.get().status() == 200) {
						winners++;
						won.add(answer.get().body().path("metadata").path("resourceVersion").asString());
					}
				}
				assertThat(winners).as("winners of version %s", version).isEqualTo(1);
			}
		}
		assertThat(statuses).isEqualTo(Map.of(200, 50, 412, 950));
		Set<Long> revisions = new HashSet<>();
		won.forEach((version) -> revisions.add(Long.valueOf(version)));
		for (long revision = firstRevision + 1; revision <= firstRevision + 50; revision++) {
			assertThat(revisions).contains(revision);
		}
		JsonNode stored = api.get(path).body();
		assertThat(stored.path("metadata").path("generation").asInt()).isEqualTo(51);
	}

	@RepeatedTest(10)
	void writesThatAreRightAloneAndWrongTogetherDoNotBothCommit(RepetitionInfo repetition) throws Exception {
		ApiClient api = meshwright.client();
		String namespace = "together-" + repetition.getCurrentRepetition();
		assertThat(
				api.put("/api/v1/namespaces/" + namespace, "{\"spec\": {\"placement\": {\"clusters\": []}}}").status())
			.isEqualTo(201);
		String service = "/api/v1/namespaces/" + namespace + "/services/webapp";
		assertThat(api.put(service, versions("v1", "v2")).status()).isEqualTo(201);
		CountDownLatch together = new CountDownLatch(1);
		try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<ApiClient.Answer> withoutV2 = callers.submit(() -> {
				together.await();
				return api.put(service, versions("v1"));
			});
			Future<ApiClient.Answer> toV2 = callers.submit(() -> {
				together.await();
				return api.put("/api/v1/namespaces/" + namespace + "/routing-policies/webapp",
						"{\"spec\": {\"service\": \"webapp\", \"rules\": [{\"split\": [{\"version\": \"v2\"}]}]}}");
			});
			together.countDown();
			List<Integer> statuses = List.of(withoutV2.get().status(), toV2.get().status());
			assertThat(statuses).as(withoutV2.get().text() + toV2.get().text())
				.isIn(List.of(200, 422), List.of(422, 201));
		}
	}

	private static String service(int targetPort) {
		return """
				{"spec": {"ports": [{"name": "http", "port": 80, "targetPort": %d, "protocol": "HTTP"}],
				          "versions": [{"name": "v1", "workload": {"image": "example/app:1"}}]}}"""
			.formatted(targetPort);
	}

	private static String versions(String... names) {
		List<String> versions = new ArrayList<>();
		for (String name : names) {
			versions.add("{\"name\": \"" + name + "\", \"workload\": {\"image\": \"example/app:1\"}}");
		}
		return "{\"spec\": {\"ports\": [{\"name\": \"http\", \"port\": 80, \"protocol\": \"HTTP\"}], \"versions\": "
				+ versions + "}}";
	}

}
