package dev.meshwright.telemetry;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.meshwright.ChildApplication;
import dev.meshwright.telemetry.Collector.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The application, with somewhere to send traces to. */
class TracingE2E {

	private static final String SERVICE = """
			{"spec": {"ports": [{"name": "http", "port": 80, "protocol": "HTTP"}],
			 "versions": [{"name": "v1", "workload": {"image": "example.com/webapp:1",
			  "env": [{"name": "GREETING", "value": "a-value-of-a-body"}]}}]}}""";

	@TempDir
	Path home;

	@Test
	void aWriteAndThePushesThatItCausesAreOneTrace() throws Exception {
		try (Collector collector = new Collector();
				ChildApplication application = ChildApplication.start(this.home,
						Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
						"--management.tracing.sampling.probability=1",
						"--management.opentelemetry.tracing.export.schedule-delay=200ms",
						"--logging.structured.format.console=ecs",
						"--logging.level.org.springframework.web.servlet.DispatcherServlet=debug")) {
			String token = Files.readString(this.home.resolve(".meshwright/token")).strip();
			put(application, token, "/api/v1/namespaces/shop", "{\"spec\": {}}");
			put(application, token, "/api/v1/namespaces/shop/services/webapp", SERVICE);

			Span object = await(() -> collector.spans()
				.stream()
				.filter((span) -> span.attribute("meshwright.object").equals("Deployment.apps shop/webapp-v1"))
				.findFirst());
			Span push = await(() -> find(collector, object.parent()));
			Span commit = await(() -> find(collector, push.parent()));
			Span request = await(() -> find(collector, commit.parent()));
			assertThat(List.of(object.name(), push.name(), commit.name())).containsExactly("push.object", "push",
					"commit");
			assertThat(request.name()).startsWith("http put /api/v1/namespaces/{namespace}/");
			List<Span> trace = collector.spans()
				.stream()
				.filter((span) -> span.trace().equals(request.trace()))
				.toList();
			assertThat(trace).contains(object, push, commit);
			assertThat(trace).extracting(Span::name)
				.contains("validate", "push.compile", "push.plan", "push.begin", "push.stage.make", "cluster.apply");

			assertThat(push.attribute("meshwright.unit")).isEqualTo("local/shop/webapp");
			assertThat(push.attribute("meshwright.reconcile")).startsWith("local/shop/webapp#");
			assertThat(push.attribute("meshwright.outcome")).isNotEmpty();
			assertThat(object.attribute("meshwright.outcome")).isEqualTo("done");
			assertThat(trace).extracting((span) -> span.attribute("meshwright.reconcile"))
				.as("another attempt is another span")
				.filteredOn((reconcile) -> reconcile.equals(push.attribute("meshwright.reconcile")))
				.hasSize(1);

			assertThat(collector.everything()).doesNotContain(token, "a-value-of-a-body", "example.com/webapp:1");
			assertThat(application.output()).contains(request.trace());
			HttpResponse<String> metrics = application.send("GET", "/actuator/prometheus", token, null);
			assertThat(metrics.body()).contains("meshwright_cluster_calls_seconds").doesNotContain("meshwright_trace");
		}
	}

	@Test
	void withoutAnEndpointNothingIsTracedOrKept() throws Exception {
		try (ChildApplication application = ChildApplication.start(this.home, "--logging.structured.format.console=ecs",
				"--logging.level.org.springframework.web.servlet.DispatcherServlet=debug")) {
			String token = Files.readString(this.home.resolve(".meshwright/token")).strip();
			put(application, token, "/api/v1/namespaces/shop", "{\"spec\": {}}");
			assertThat(application.output()).contains("PUT \\\"/api/v1/namespaces/shop\\\"")
				.doesNotContain("traceId", "opentelemetry");
		}
	}

	private static void put(ChildApplication application, String token, String path, String body) throws Exception {
		HttpResponse<String> answer = application.send("PUT", path, token, body);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
	}

	private static Optional<Span> find(Collector collector, String id) {
		return collector.spans().stream().filter((span) -> span.id().equals(id)).findFirst();
	}

	private static <T> T await(Supplier<Optional<T>> supplier) throws InterruptedException {
		Instant end = Instant.now().plus(Duration.ofSeconds(60));
		while (true) {
			Optional<T> found = supplier.get();
			if (found.isPresent()) {
				return found.get();
			}
			assertThat(Instant.now()).as("waited long enough").isBefore(end);
			Thread.sleep(50);
		}
	}

}
