package dev.meshwright.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.meshwright.document.Documents;
import dev.meshwright.document.Json;
import dev.meshwright.model.Kind;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies, parameters and answers of the API's document. */
final class Contents {

	private static final Map<String, String> PARAMETERS = Map.ofEntries(Map.entry("namespace", "The namespace's name"),
			Map.entry("name", "The resource's name"),
			Map.entry("dryRun",
					"Answer what would be done, such as what would be stored and which objects it would make; do nothing"),
			Map.entry("id", "The id, from the Location of the answer that named it"),
			Map.entry("orphan",
					"Forget the objects instead of deleting them, because the cluster is gone for good (administrators)"),
			Map.entry("labelSelector", "Only resources with these labels, as in Kubernetes: a=b,c!=d,e in (f,g),h,!i"),
			Map.entry("condition", "Only resources with this condition, such as Programmed=False"),
			Map.entry("kind",
					"Only objects of this kind, such as Deployment; with its group, such as Gateway.networking.istio.io,"
							+ " where several kinds have the name"),
			Map.entry("orphaned", "true: only what is kept although nothing declares it"),
			Map.entry("drifted", "true: only what was seen to differ from what was pushed"),
			Map.entry("limit", "The most items, 1 to 500"),
			Map.entry("continue", "The token from metadata.continue of the page before"),
			Map.entry("cluster", "The cluster; needed when the service is on several"),
			Map.entry("version", "The version of the compiler"),
			Map.entry("before", "Only what is older than this number"),
			Map.entry("revision",
					"The revision's number. Of a resource, a list and what is compiled: as it was declared then, without"
							+ " status; compiled by the compiler of today, with what is known of the clusters today"),
			Map.entry("to", "The other revision; without it, what the revision itself changed"),
			Map.entry("Last-Event-ID", "The id of the last event received: the stream goes on after it"));

	private static final Map<String, String> EXAMPLES = Map.of("namespace", "shop", "name", "webapp");

	/** What can be read as it was at a revision. */
	private static final Set<String> AS_OF = Set.of("get", "list", "listIn", "getEffectiveService");

	/** What is refused because of what was found, without a write. */
	private static final Map<String, String> DECISIONS = Map.of("adoptCluster",
			"Something else is found there now, or nothing is halted", "releaseHeldDeletes",
			"Another number of deletions is found now", "syncService",
			"A sync window or a pause of the Namespace keeps it back", "adoptService",
			"Something else stands in the way there now", "releaseUpgrade",
			"Something else would be changed now, or nothing is held", "releaseOrphans",
			"Something that is named is not, or no longer, what is orphaned there");

	private final RecordSchemas schemas;

	Contents(RecordSchemas schemas) {
		this.schemas = schemas;
	}

	RequestBody request(Described described, PathItem.HttpMethod method, @Nullable Kind kind, boolean inNamespace) {
		Content content = new Content();
		if (described.answer() == PlanView.class) {
			content.addMediaType(Formats.JSON, media(planSchema(), Examples.plan()));
			content.addMediaType(Formats.YAML,
					new MediaType().schema(RecordSchemas.typed("string"))
						.example(Documents
							.toYaml(List.of(Examples.of(Kind.NAMESPACE, false), Examples.of(Kind.SERVICE, true)))));
		}
		else if (kind == null) {
			content.addMediaType(Formats.JSON, media(changeSetSchema(), Examples.changeSet()));
			content.addMediaType(Formats.YAML,
					new MediaType().schema(RecordSchemas.typed("string"))
						.example(Documents
							.toYaml(List.of(Examples.of(Kind.NAMESPACE, false), Examples.of(Kind.SERVICE, true)))));
		}
		else if (method == PathItem.HttpMethod.PATCH) {
			ObjectNode merge = Json.mapper().createObjectNode();
			merge.putObject("metadata").putObject("labels").put("team", "shop");
			content.addMediaType("application/merge-patch+json", media(RecordSchemas.typed("object"), merge));
			JsonNode patch = Json.mapper()
				.readTree("[{\"op\":\"test\",\"path\":\"/kind\",\"value\":\"" + kind + "\"}]");
			content.addMediaType("application/json-patch+json",
					media(RecordSchemas.typed("array").items(RecordSchemas.typed("object")), patch));
		}
		else {
			Schema<?> envelope = this.schemas.envelope(kind);
			content.addMediaType(Formats.JSON, media(envelope, Examples.of(kind, inNamespace)));
			content.addMediaType(Formats.YAML,
					new MediaType().schema(envelope).example(Documents.toYaml(Examples.of(kind, inNamespace))));
		}
		return new RequestBody().required(true).content(content);
	}

	/** A body that is neither a resource nor a change set. */
	RequestBody request(Described described, boolean required) {
		Schema<?> schema = this.schemas.reference(described.body(), true);
		JsonNode example = Json.mapper().readTree(described.example());
		return new RequestBody().required(required)
			.content(new Content().addMediaType(Formats.JSON, media(schema, example))
				.addMediaType(Formats.YAML, new MediaType().schema(schema).example(Documents.toYaml(example))));
	}

	ApiResponse success(Described described, int status, @Nullable Kind kind) {
		String meaning = switch (status) {
			case 201 -> "Created";
			case 202 -> (described.answer() == PlanView.class) ? "Accepted; a job goes on with it"
					: "Accepted; the clusters follow, or a job commits it";
			default -> "Done";
		};
		ApiResponse response = new ApiResponse().description(meaning);
		if (described.answer() == Void.class) {
			return response.content(new Content().addMediaType("text/event-stream",
					new MediaType().schema(RecordSchemas.typed("string"))));
		}
		Schema<?> schema = this.schemas.reference(described.answer(), false);
		if (described.write() && kind != null && status == 200) {
			Schema<?> dryRun = this.schemas.reference(WriteView.class, false);
			schema = new Schema<>().oneOf(List.of(schema, dryRun));
		}
		if (described.write() && status == 202) {
			schema = new Schema<>().oneOf(List.of(schema, this.schemas.reference(JobView.class, false)));
			response.addHeaderObject("Location",
					new Header()
						.description("The job, when so many units depend on the change that it is not committed yet")
						.schema(RecordSchemas.typed("string")));
		}
		if (!described.write() && status == 202 && Arrays.stream(described.status()).anyMatch((each) -> each == 200)) {
			schema = this.schemas.reference(JobView.class, false);
			response.description("Accepted; a job goes on with it")
				.addHeaderObject("Location", new Header().description("The job, whose result is what was asked for")
					.schema(RecordSchemas.typed("string")));
		}
		if (described.answer() == ResourceView.class) {
			response.addHeaderObject("ETag",
					new Header().description("The resourceVersion in quotes").schema(RecordSchemas.typed("string")));
		}
		return response.content(new Content().addMediaType(Formats.JSON, new MediaType().schema(schema))
			.addMediaType(Formats.YAML, new MediaType().schema(schema)));
	}

	ApiResponse refusal(String meaning) {
		return new ApiResponse().description(meaning)
			.content(new Content().addMediaType("application/problem+json",
					new MediaType().schema(this.schemas.reference(Problem.class, false))));
	}

	static Map<String, String> refusals(Described described) {
		Map<String, String> refusals = new TreeMap<>();
		refusals.put("400", "The request is not of the right shape");
		refusals.put("401", "There is no valid token");
		refusals.put("403", "The caller may not do this");
		refusals.put("404", "There is no such resource, or the caller may not see it");
		refusals.put("405", "The path does not know this method");
		refusals.put("406", "None of the accepted content types can be had");
		refusals.put("503", "The database does not answer; Retry-After says when to ask again");
		if (described.write()) {
			refusals.put("409", "Something else was stored meanwhile, or belongs to another resource");
			refusals.put("412", "If-Match or If-None-Match does not hold");
			refusals.put("413", "The body is longer than 8 MiB");
			refusals.put("415", "The body's content type is not known here");
			refusals.put("422", "The compiler found errors that this write introduces");
			refusals.put("428", "A precondition is needed");
		}
		if (!described.write() && described.body() != Void.class) {
			refusals.put("413", "The body is longer than 8 MiB");
			refusals.put("415", "The body's content type is not known here");
		}
		if (DECISIONS.containsKey(described.id())) {
			refusals.put("409", DECISIONS.get(described.id()));
		}
		if (AS_OF.contains(described.id())) {
			refusals.put("422",
					"What was declared at that revision cannot be read by this version, or lies too far back");
		}
		if (described.id().equals("getServiceManifests")) {
			refusals.put("422", "The declarations do not compile, or those of that revision cannot be read");
		}
		if (described.answer() == Void.class) {
			refusals.put("410", "Last-Event-ID is not in this history");
		}
		return refusals;
	}

	/** The parameter with its meaning, and an example where one helps to try it out. */
	static Parameter described(Parameter found, @Nullable Kind kind, boolean inNamespace) {
		Parameter parameter = new Parameter().in(found.getIn())
			.name(found.getName())
			.required(found.getRequired())
			.schema(found.getSchema())
			.description(PARAMETERS.getOrDefault(found.getName(), ""));
		if (found.getName().equals("name") && kind != null) {
			parameter.setExample(Examples.of(kind, inNamespace).get("metadata").get("name").stringValue());
		}
		else if (EXAMPLES.containsKey(found.getName())) {
			parameter.setExample(EXAMPLES.get(found.getName()));
		}
		return parameter;
	}

	static List<Parameter> writeHeaders(Described described, PathItem.HttpMethod method) {
		List<Parameter> headers = new ArrayList<>();
		if (described.answer() != PlanView.class) {
			headers.add(header("Prefer",
					"wait=20 answers once what is declared is programmed and what is deleted is gone from the clusters,"
							+ " or 202 after so many seconds"));
		}
		if (method == PathItem.HttpMethod.POST) {
			headers.add(header("Idempotency-Key",
					"Sent again with the same key, the request is done only once (24 hours)"));
		}
		else {
			headers.add(header("If-Match", "Only if the stored resource has this ETag"));
			headers.add(header("If-None-Match", "*: only if there is no such resource"));
		}
		return headers;
	}

	private static Parameter header(String name, String description) {
		return new Parameter().in("header").name(name).description(description).schema(RecordSchemas.typed("string"));
	}

	private static MediaType media(Schema<?> schema, JsonNode example) {
		return new MediaType().schema(schema).example(Json.mapper().convertValue(example, Object.class));
	}

	private Schema<?> planSchema() {
		Schema<?> schema = changeSetSchema().required(null);
		schema.addProperty("scope", this.schemas.reference(PlanBody.ScopeView.class, true));
		return schema.description("A change set, or the scope of what is declared: exactly one of items and scope");
	}

	private Schema<?> changeSetSchema() {
		Schema<Object> item = RecordSchemas.typed("object");
		item.addProperty("op", RecordSchemas.choice("put", "delete"));
		item.addProperty("resource", RecordSchemas.typed("object")
			.description("The whole envelope of a resource; for a " + "delete, kind and metadata"));
		item.setRequired(List.of("op", "resource"));
		Schema<Object> schema = RecordSchemas.typed("object");
		schema.addProperty("message", RecordSchemas.typed("string").description("Why, for the history"));
		schema.addProperty("items", RecordSchemas.typed("array").items(item));
		schema.setRequired(List.of("items"));
		return schema;
	}

}
