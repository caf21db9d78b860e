package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.document.Documents;
import dev.meshwright.document.Pointers;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.DnsNames;
import dev.meshwright.store.PlanRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;

/**
 * What is to be planned, as a body says it.
 *
 * @param message of a change set, why
 * @param items the change set; empty when what is declared is planned
 * @param scope whose objects, of what is declared
 */
record PlanBody(String message, List<Writes.Item> items, PlanRequest.Scope scope) {

	private static final Set<String> SCOPE = Set.of("namespace", "service", "cluster");

	/**
	 * Which of what is declared is planned; {@code {}} is everything that the caller may
	 * read.
	 *
	 * @param namespace only this namespace, and the services in it
	 * @param service only this service of the namespace
	 * @param cluster only on this cluster
	 */
	record ScopeView(@Nullable String namespace, @Nullable String service, @Nullable String cluster) {

		static ScopeView of(PlanRequest.Scope scope) {
			return new ScopeView(scope.namespace(), scope.service(), scope.cluster());
		}

	}

	/**
	 * Reads {@code {scope: {…}}}, or a change set as {@link ChangeSets} does.
	 * @throws ApiFailure 400
	 */
	static PlanBody read(byte[] body, boolean yaml) {
		List<JsonNode> documents = yaml ? Documents.yaml(body) : List.of(Documents.json(body));
		if (documents.size() == 1 && documents.getFirst().has("scope")) {
			return scope(documents.getFirst());
		}
		ChangeSets.ChangeSet changeSet = yaml ? ChangeSets.yaml(body) : ChangeSets.json(body);
		return new PlanBody(changeSet.message(), changeSet.items(), PlanRequest.Scope.ALL);
	}

	private static PlanBody scope(JsonNode tree) {
		List<ShapeError> errors = new ArrayList<>();
		if (tree.has("items")) {
			errors.add(new ShapeError("/scope", "CONTRADICTION",
					"A plan is of a change set or of what is declared; keep items or scope"));
		}
		unknown(tree, Set.of("scope", "items"), "", errors);
		JsonNode scope = tree.get("scope");
		if (!scope.isObject()) {
			errors.add(new ShapeError("/scope", "WRONG_TYPE",
					"Expected an object with some of " + String.join(", ", new TreeSet<>(SCOPE))));
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, errors);
		}
		unknown(scope, SCOPE, "/scope", errors);
		PlanRequest.Scope read = new PlanRequest.Scope(name(scope, "namespace", errors), name(scope, "service", errors),
				name(scope, "cluster", errors));
		if (read.service() != null && read.namespace() == null) {
			errors.add(new ShapeError("/scope/namespace", "REQUIRED", "A service is named with its namespace"));
		}
		if (!errors.isEmpty()) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, errors);
		}
		return new PlanBody("", List.of(), read);
	}

	private static void unknown(JsonNode tree, Set<String> known, String prefix, List<ShapeError> errors) {
		tree.propertyNames()
			.stream()
			.filter((name) -> !known.contains(name))
			.forEach((name) -> errors.add(new ShapeError(prefix + "/" + Pointers.escape(name), "UNKNOWN_FIELD",
					"There is no such field; known are " + String.join(", ", new TreeSet<>(known)))));
	}

	private static @Nullable String name(JsonNode scope, String field, List<ShapeError> errors) {
		@Nullable JsonNode node = scope.get(field);
		if (node == null || node.isNull()) {
			return null;
		}
		if (!node.isString() || !DnsNames.isLabel(node.stringValue())) {
			errors.add(new ShapeError("/scope/" + field, "INVALID_NAME",
					field + " must be lower-case letters, digits and '-', at most 63 of them"));
			return null;
		}
		return node.stringValue();
	}

	/** As a job keeps it. */
	PlanRequest request() {
		return new PlanRequest(this.message, this.items.stream().map(Writes.Item::change).toList(), this.scope);
	}

}
