package dev.meshwright.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.model.ClusterFacts;
import dev.meshwright.model.ObjectKind;
import org.jspecify.annotations.Nullable;

/** Finds out what a cluster is and what it serves. */
final class Discovery {

	private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

	private final ApiServer api;

	Discovery(ApiServer api) {
		this.api = api;
	}

	/** Identity, version and kinds; five requests at an API server of the last years. */
	ClusterFacts facts() {
		Map<?, ?> identity = ObjectJson.map(read("/api/v1/namespaces/kube-system").get("metadata"));
		Map<String, Object> version = read("/version");
		return new ClusterFacts(ObjectJson.text(identity.get("uid")), ObjectJson.text(version.get("gitVersion")),
				kinds());
	}

	private Set<String> kinds() {
		Set<String> kinds = new TreeSet<>();
		boolean complete = true;
		for (String root : List.of("/api", "/apis")) {
			Map<String, Object> groups = tree(root, this.api.get(root, AGGREGATED));
			complete &= "APIGroupDiscoveryList".equals(groups.get("kind"));
			for (Object group : list(groups.get("items"))) {
				addGroup(ObjectJson.map(group), kinds);
			}
		}
		return complete ? kinds : groupByGroup();
	}

	private static void addGroup(Map<?, ?> group, Set<String> kinds) {
		String name = ObjectJson.text(ObjectJson.map(group.get("metadata")).get("name"));
		for (Object version : list(group.get("versions"))) {
			Map<?, ?> fields = ObjectJson.map(version);
			String apiVersion = (name.isEmpty() ? "" : name + "/") + fields.get("version");
			for (Object resource : list(fields.get("resources"))) {
				Map<?, ?> kind = ObjectJson.map(ObjectJson.map(resource).get("responseKind"));
				kinds.add(apiVersion + "/" + kind.get("kind"));
			}
		}
	}

	/** For API servers without aggregated discovery: only the groups that we may use. */
	private Set<String> groupByGroup() {
		Set<String> kinds = new TreeSet<>();
		for (String path : Arrays.stream(ObjectKind.values()).map(ApiPaths::group).distinct().toList()) {
			ApiServer.Answer answer = this.api.get(path);
			if (answer.status() == 404) {
				continue;
			}
			Map<String, Object> resources = tree(path, answer);
			for (Object resource : list(resources.get("resources"))) {
				kinds.add(resources.get("groupVersion") + "/" + ObjectJson.map(resource).get("kind"));
			}
		}
		return kinds;
	}

	private Map<String, Object> read(String path) {
		ApiServer.Answer answer = this.api.get(path);
		if (answer.status() == 404) {
			throw new ClusterFailure.Unavailable(
					path + ": not there; the API server is not ready, or what answers is not a Kubernetes API server");
		}
		return tree(path, answer);
	}

	private static Map<String, Object> tree(String path, ApiServer.Answer answer) {
		if (!answer.ok()) {
			throw ApiFailures.of(path, answer);
		}
		return ObjectJson.treeOrEmpty(answer.body());
	}

	private static List<?> list(@Nullable Object value) {
		return (value instanceof List<?> list) ? list : List.of();
	}

}
