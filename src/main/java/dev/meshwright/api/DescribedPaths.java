package dev.meshwright.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.Kind;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Describes every operation and turns the paths of "any kind" into one path for each
 * kind, so that each has its own schema and example.
 */
final class DescribedPaths {

	static final String DESCRIBED = "x-described";

	/** In the order in which a reader needs them. */
	private static final Map<String, String> TAGS = new LinkedHashMap<>();
	static {
		TAGS.put("Change sets", "Several resources put and deleted together, all or nothing");
		TAGS.put("Plans",
				"What a change, what is declared or a newer version would do to the clusters, before it does");
		TAGS.put("Cluster", "Where things run");
		TAGS.put("Namespace", "Who owns what, and on which clusters it runs");
		TAGS.put("Service", "What listens and what runs");
		TAGS.put("RoutingPolicy", "How requests reach the versions of a service");
		TAGS.put("History", "Revisions, their stream, going back to them, and who did what");
	}

	private final OpenAPI api;

	private final RecordSchemas schemas = new RecordSchemas();

	private final Contents contents = new Contents(this.schemas);

	DescribedPaths(OpenAPI api) {
		this.api = api;
	}

	void describe() {
		Map<String, PathItem> found = new LinkedHashMap<>(this.api.getPaths());
		Paths paths = new Paths();
		found.forEach((path, item) -> {
			if (!path.contains("{kind}")) {
				paths.addPathItem(path, described(path, item, null));
				return;
			}
			boolean list = path.endsWith("{kind}");
			Arrays.stream(Kind.values())
				.filter((kind) -> list && !path.contains("{namespace}")
						|| kind.scope().admits(path.contains("{namespace}") ? "a" : ""))
				.forEach((kind) -> paths.addPathItem(path.replace("{kind}", kind.plural()),
						described(path, item, kind)));
		});
		this.api.setPaths(inReadingOrder(paths));
		this.api.setTags(TAGS.entrySet()
			.stream()
			.map((tag) -> new Tag().name(tag.getKey()).description(tag.getValue()))
			.toList());
		this.api.getComponents().setSchemas(null);
		this.schemas.reference(Problem.class, false);
		this.schemas.all().forEach(this.api.getComponents()::addSchemas);
	}

	/** By tag and then by path, however the controllers were found. */
	private static Paths inReadingOrder(Paths paths) {
		List<String> tags = List.copyOf(TAGS.keySet());
		Paths ordered = new Paths();
		paths.entrySet()
			.stream()
			.filter((path) -> !path.getValue().readOperations().isEmpty())
			.sorted(Comparator.<Map.Entry<String, PathItem>>comparingInt(
					(path) -> tags.indexOf(path.getValue().readOperations().getFirst().getTags().getFirst()))
				.thenComparing(Map.Entry.comparingByKey()))
			.forEach((path) -> ordered.addPathItem(path.getKey(), path.getValue()));
		return ordered;
	}

	private PathItem described(String path, PathItem item, @Nullable Kind kind) {
		PathItem copy = new PathItem();
		item.readOperationsMap().forEach((method, operation) -> {
			if (operation.getExtensions() != null
					&& operation.getExtensions().get(DESCRIBED) instanceof Described described) {
				copy.operation(method, described(path, method, operation, described, kind));
			}
		});
		return copy;
	}

	private Operation described(String path, PathItem.HttpMethod method, Operation generic, Described described,
			@Nullable Kind kind) {
		String name = (kind != null) ? kind.toString() : "";
		boolean inNamespace = path.contains("{namespace}");
		boolean platform = kind != null && kind.scope() == Kind.Scope.LAYERED && !inNamespace
				&& path.contains("{name}");
		Operation operation = new Operation().operationId(id(described, platform ? "Platform" + name : name))
			.summary(described.summary().replace("{kind}", platform ? name + " of the platform" : name))
			.tags(List.of((kind != null) ? name : tag(path)))
			.parameters(parameters(generic, described, method, kind, inNamespace))
			.responses(responses(described, kind));
		if (generic.getRequestBody() != null) {
			operation.setRequestBody((described.body() != Void.class)
					? this.contents.request(described, !Boolean.FALSE.equals(generic.getRequestBody().getRequired()))
					: this.contents.request(described, method, kind, inNamespace));
		}
		return operation;
	}

	private static String id(Described described, String kind) {
		if (kind.isEmpty()) {
			return described.id();
		}
		return switch (described.id()) {
			case "list" -> "listAll" + plural(kind);
			case "listIn" -> "list" + plural(kind);
			default -> described.id() + kind;
		};
	}

	private static String plural(String kind) {
		return kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
	}

	private static String tag(String path) {
		return path.contains("/services/") ? "Service"
				: path.contains("/clusters/") ? "Cluster" : path.contains("change-sets") || path.contains("jobs")
						? "Change sets" : path.contains("/plans") || path.contains("/upgrades") ? "Plans" : "History";
	}

	private static List<Parameter> parameters(Operation generic, Described described, PathItem.HttpMethod method,
			@Nullable Kind kind, boolean inNamespace) {
		List<Parameter> parameters = new ArrayList<>();
		if (generic.getParameters() != null) {
			generic.getParameters()
				.stream()
				.filter((parameter) -> !parameter.getName().equals("caller"))
				.filter((parameter) -> !(parameter.getName().equals("kind") && parameter.getIn().equals("path")))
				.map((parameter) -> Contents.described(parameter, kind, inNamespace))
				.forEach(parameters::add);
		}
		if (described.write()) {
			parameters.addAll(Contents.writeHeaders(described, method));
		}
		return parameters;
	}

	private ApiResponses responses(Described described, @Nullable Kind kind) {
		ApiResponses responses = new ApiResponses();
		for (int status : described.status()) {
			responses.addApiResponse(Integer.toString(status), this.contents.success(described, status, kind));
		}
		Contents.refusals(described)
			.forEach((status, meaning) -> responses.addApiResponse(status, this.contents.refusal(meaning)));
		return responses;
	}

}
