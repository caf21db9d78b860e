package dev.meshwright.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.cluster.ApiServer.Answer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The one object beside the allow-list: a ConfigMap of a fixed name in Meshwright's own
 * namespace, which no renderer can make and no declaration can name.
 */
final class StampObject {

	static final String NAME = "meshwright-installation";

	private static final String MANAGER = "meshwright-identity";

	private final ApiServer api;

	private final String namespace;

	/** Which object was seen last, so that no write of it makes another one elsewhere. */
	private volatile @Nullable String uid;

	/**
	 * The object of a cluster.
	 * @param api the cluster's API server
	 * @param namespace Meshwright's own namespace there; made when it is missing
	 */
	StampObject(ApiServer api, String namespace) {
		this.api = api;
		this.namespace = namespace;
	}

	Optional<InstallationStamp> read() {
		Answer answer = this.api.get(path());
		if (ApiFailures.isAbsent(answer, NAME)) {
			return Optional.empty();
		}
		return Optional.of(stamp(answer));
	}

	/**
	 * Writes it; makes the namespace first where there is none yet.
	 * @param resourceVersion which one is written, or null to make it
	 * @throws ClusterFailure.Stale there is another one by now, or none
	 */
	InstallationStamp write(String installation, long revision, long fence, @Nullable String resourceVersion) {
		try {
			return stamp(patch(path(), body(installation, revision, fence, resourceVersion)));
		}
		catch (ClusterFailure.WrongUid another) {
			throw new ClusterFailure.Stale(String.valueOf(another.getMessage()));
		}
		catch (ClusterFailure.NamespaceMissing missing) {
			if (resourceVersion != null) {
				throw new ClusterFailure.Stale(String.valueOf(missing.getMessage()));
			}
			makeNamespace();
			return stamp(patch(path(), body(installation, revision, fence, resourceVersion)));
		}
	}

	private void makeNamespace() {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("apiVersion", "v1");
		body.put("kind", "Namespace");
		body.put("metadata",
				Map.of("name", this.namespace, "labels", Map.of("app.kubernetes.io/part-of", "meshwright")));
		patch("/api/v1/namespaces/" + this.namespace, body);
	}

	private Map<String, Object> body(String installation, long revision, long fence, @Nullable String resourceVersion) {
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("name", NAME);
		metadata.put("namespace", this.namespace);
		metadata.put("labels", Map.of("app.kubernetes.io/part-of", "meshwright"));
		// older than every object, so that what exists meanwhile is a conflict
		metadata.put("resourceVersion", (resourceVersion != null) ? resourceVersion : "1");
		String seen = this.uid;
		if (resourceVersion != null && seen != null) {
			metadata.put("uid", seen);
		}
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("apiVersion", "v1");
		body.put("kind", "ConfigMap");
		body.put("metadata", metadata);
		body.put("data", Map.of("installation", installation, "revision", Long.toString(revision), "fence",
				Long.toString(fence)));
		return body;
	}

	private Answer patch(String path, Map<String, Object> body) {
		Answer answer = this.api.patch(path + "?fieldManager=" + MANAGER + "&force=true",
				ObjectJson.MAPPER.writeValueAsString(body));
		if (!answer.ok()) {
			throw ApiFailures.of("ConfigMap " + this.namespace + "/" + NAME, answer);
		}
		return answer;
	}

	private InstallationStamp stamp(Answer answer) {
		String what = "ConfigMap " + this.namespace + "/" + NAME;
		if (!answer.ok()) {
			throw ApiFailures.of(what, answer);
		}
		try {
			Map<String, Object> body = ObjectJson.tree(answer.body());
			Map<?, ?> data = ObjectJson.map(body.get("data"));
			Map<?, ?> metadata = ObjectJson.map(body.get("metadata"));
			this.uid = ObjectJson.text(metadata.get("uid"));
			return new InstallationStamp(ObjectJson.text(data.get("installation")),
					number(ObjectJson.text(data.get("revision"))), number(ObjectJson.text(data.get("fence"))),
					ObjectJson.text(metadata.get("resourceVersion")));
		}
		catch (JacksonException ex) {
			throw new ClusterFailure.Unavailable(what + ": the answer is not JSON: " + ex.getOriginalMessage());
		}
	}

	/** What somebody has spoilt by hand counts as nothing known. */
	private static long number(String text) {
		return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
	}

	private String path() {
		return "/api/v1/namespaces/" + this.namespace + "/configmaps/" + NAME;
	}

}
