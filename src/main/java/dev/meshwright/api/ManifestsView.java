package dev.meshwright.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.meshwright.document.Json;
import dev.meshwright.model.Manifest;
import tools.jackson.databind.JsonNode;

/**
 * Compiled objects as a Kubernetes List, ready for {@code kubectl diff -f -}.
 *
 * @param apiVersion always {@code v1}
 * @param kind always {@code List}
 * @param items the objects
 */
record ManifestsView(String apiVersion, String kind, List<Map<String, Object>> items) {

	/**
	 * The objects as they are pushed now.
	 * @param now answers the database's time; asked only where something is leased
	 */
	static ManifestsView of(List<Manifest> manifests, Supplier<Instant> now) {
		boolean leased = manifests.stream().anyMatch((manifest) -> !manifest.leases().isEmpty());
		Instant time = leased ? now.get() : Instant.EPOCH;
		return new ManifestsView("v1", "List",
				manifests.stream().map((manifest) -> manifest.at(time)).map(Manifest::body).toList());
	}

	List<JsonNode> trees() {
		return this.items.stream().map((body) -> (JsonNode) Json.mapper().valueToTree(body)).toList();
	}

	/**
	 * The objects of one cluster.
	 *
	 * @param cluster the cluster's name
	 * @param items the objects
	 */
	record OfCluster(String cluster, List<Map<String, Object>> items) {
	}

}
