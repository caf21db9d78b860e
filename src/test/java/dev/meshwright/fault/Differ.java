package dev.meshwright.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.e2e.ApiClient;
import dev.meshwright.e2e.LiveObjects;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares what is live with what is declared, by its own means: the objects that the API
 * says a service compiles to, and a look at the API server.
 */
final class Differ {

	private final ApiClient api;

	private final LiveObjects live;

	private final String namespace;

	Differ(ApiClient api, LiveObjects live, String namespace) {
		this.api = api;
		this.live = live;
		this.namespace = namespace;
	}

	/** Every difference; none when the namespace has converged. */
	List<String> differences() {
		List<String> differences = new ArrayList<>();
		Map<String, JsonNode> declared = declared();
		Set<String> present = this.live.resourceVersions().keySet();
		for (String object : present) {
			if (!declared.containsKey(object)) {
				differences.add(object + " is live and not declared");
			}
		}
		declared.forEach((object, manifest) -> {
			if (!present.contains(object)) {
				differences.add(object + " is declared and not live");
				return;
			}
			String[] parts = object.split("/");
			JsonNode found = JsonMapper.shared().readTree(Serialization.asJson(this.live.get(parts[0], parts[1])));
			for (String part : List.of("spec", "metadata")) {
				if (!includes(found.path(part), manifest.path(part))) {
					differences.add(object + ": live " + found.path(part) + " has not all of " + manifest.path(part));
				}
			}
		});
		return differences;
	}

	private Map<String, JsonNode> declared() {
		Map<String, JsonNode> declared = new TreeMap<>();
		String services = "/api/v1/namespaces/" + this.namespace + "/services";
		for (JsonNode service : this.api.get(services + "?limit=500").body().path("items")) {
			if (service.path("metadata").has("deletionTimestamp")) {
				continue;
			}
			String path = services + "/" + service.path("metadata").path("name").asString() + "/manifests";
			for (JsonNode manifest : this.api.get(path).body().path("items")) {
				declared.put(manifest.path("kind").asString() + "/" + manifest.path("metadata").path("name").asString(),
						manifest);
			}
		}
		return declared;
	}

	/** Whether everything declared is there; the API server adds defaults. */
	private static boolean includes(JsonNode live, JsonNode declared) {
		if (declared.isObject()) {
			Set<String> names = new TreeSet<>(declared.propertyNames());
			return names.stream().allMatch((name) -> includes(live.path(name), declared.path(name)));
		}
		if (declared.isArray()) {
			if (live.size() != declared.size()) {
				return declared.isEmpty();
			}
			for (int index = 0; index < declared.size(); index++) {
				if (!includes(live.path(index), declared.path(index))) {
					return false;
				}
			}
			return true;
		}
		return declared.isMissingNode() || declared.isNull() || live.asString("").equals(declared.asString(""))
				|| sameAmount(live.asString(""), declared.asString(""));
	}

	/** The API server spells quantities in its own way. */
	private static boolean sameAmount(String live, String declared) {
		try {
			return Quantity.getAmountInBytes(Quantity.parse(live))
				.compareTo(Quantity.getAmountInBytes(Quantity.parse(declared))) == 0;
		}
		catch (IllegalArgumentException | ArithmeticException none) {
			return false;
		}
	}

}
