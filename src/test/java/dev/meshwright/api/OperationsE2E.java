package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.document.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every operation of the API's document. */
class OperationsE2E extends ServedApi {

	@Test
	void everyOperationIsDescribed() {
		operations().forEach((operation) -> {
			assertThat(operation.node().path("summary").asString()).as(operation.toString()).isNotBlank();
			assertThat(operation.node().path("operationId").asString()).as(operation.toString()).isNotBlank();
			assertThat(operation.node().get("responses").propertyNames()).as(operation.toString())
				.contains("400", "401", "403", "404");
			JsonNode body = operation.node().path("requestBody").path("content");
			body.forEach((media) -> assertThat(media.has("example")).as(operation.toString()).isTrue());
		});
		List<String> ids = operations().stream()
			.map((operation) -> operation.node().get("operationId").asString())
			.toList();
		assertThat(ids).doesNotHaveDuplicates()
			.contains("putService", "putRoutingPolicy", "putCluster", "putNamespace", "applyChangeSet");
	}

	@Test
	void everyOperationNeedsAToken() {
		List<Operation> operations = operations();
		this.token = "";
		for (Operation operation : operations) {
			String path = operation.path().replaceAll("\\{revision}", "1").replaceAll("\\{[a-z]+}", "a");
			assertThat(send(operation.method(), path, "").status()).as(operation.toString()).isEqualTo(401);
		}
		for (String open : new String[] { "/livez", "/readyz", "/v3/api-docs", "/swagger-ui.html" }) {
			assertThat(get(open).status()).as(open).isLessThan(400);
		}
		assertThat(get("/actuator/prometheus").status()).isEqualTo(401);
	}

	@Test
	void everyOperationNeedsARoleThatAllowsIt() {
		List<Operation> operations = operations();
		String admin = this.token;
		this.token = this.tokens.issue("nobody", "none");
		for (Operation operation : operations) {
			String path = operation.path().replaceAll("\\{revision}", "1").replaceAll("\\{[a-z]+}", "a");
			String type = operation.method().equals("PATCH") ? "application/merge-patch+json" : "application/json";
			String body = operation.node().has("requestBody") ? "{}" : "";
			String accept = operation.path().endsWith("/events") ? "text/event-stream" : "*/*";
			assertThat(send(operation.method(), path, body, "Content-Type", type, "Accept", accept).status())
				.as(operation.toString())
				.isEqualTo(403);
		}
		this.token = admin;
		assertThat(get("/api/v1/audit-events").json().at("/items").valueStream())
			.anyMatch((row) -> row.get("actor").asString().equals("nobody") && !row.get("allowed").booleanValue());
	}

	@Test
	void examplesWorkInTheirOrder() {
		for (JsonNode item : Examples.changeSet().get("items")) {
			JsonNode resource = item.get("resource");
			JsonNode metadata = resource.get("metadata");
			String plural = dev.meshwright.model.Kind.named(resource.get("kind").asString()).orElseThrow().plural();
			String path = "/api/v1"
					+ (metadata.has("namespace") ? "/namespaces/" + metadata.get("namespace").asString() : "") + "/"
					+ plural + "/" + metadata.get("name").asString();
			Answered answered = put(path, Json.mapper().writeValueAsString(resource));
			assertThat(answered.status()).as(answered.text()).isIn(200, 201);
		}
		Answered again = send("POST", "/api/v1/change-sets", Examples.changeSet().toString());
		assertThat(again.status()).as(again.text()).isEqualTo(200);
		assertThat(again.json().get("items").valueStream())
			.allMatch((item) -> item.get("outcome").asString().equals("unchanged"));
		Answered plan = send("POST", "/api/v1/plans", Examples.plan().toString());
		assertThat(plan.status()).as(plan.text()).isIn(201, 202);
	}

	@Test
	void examplesOfGoingBackWork() {
		assertThat(send("POST", "/api/v1/change-sets", Examples.changeSet().toString()).status()).isEqualTo(200);
		String before = get("/api/v1/revisions?limit=1").json().at("/items/0/revision").asString();
		Answered changed = put("/api/v1/namespaces/" + namespace() + "/services/going-back", """
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: "example/app:1"}}]""");
		assertThat(changed.status()).as(changed.text()).isIn(200, 201);
		String head = changed.json().at("/metadata/revision").asString();
		for (String path : new String[] { "/api/v1/rollbacks", "/api/v1/revisions/{revision}/undo" }) {
			JsonNode example = operations().stream()
				.filter((operation) -> operation.path().equals(path))
				.findFirst()
				.orElseThrow()
				.node()
				.at("/requestBody/content/application~1json/example");
			if (example instanceof ObjectNode fields && fields.has("to")) {
				// other tests make revisions, too
				fields.put("to", Long.parseLong(before));
			}
			Answered answered = send("POST", path.replace("{revision}", head) + "?dryRun=true", example.toString());
			assertThat(answered.status()).as(path + answered.text()).isEqualTo(200);
			assertThat(answered.json().get("differences")).as(path).isNotNull();
		}
	}

	private List<Operation> operations() {
		List<Operation> operations = new ArrayList<>();
		get("/v3/api-docs").json()
			.get("paths")
			.properties()
			.forEach((path) -> path.getValue()
				.properties()
				.forEach((method) -> operations.add(new Operation(method.getKey().toUpperCase(java.util.Locale.ROOT),
						path.getKey(), method.getValue()))));
		assertThat(operations).hasSizeGreaterThan(20);
		return operations;
	}

	private record Operation(String method, String path, JsonNode node) {

		@Override
		public String toString() {
			return this.method + " " + this.path;
		}

	}

}
