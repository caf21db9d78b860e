package dev.meshwright.cluster;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/** Where the API server keeps what. */
final class ApiPaths {

	private static final String OURS = query("labelSelector", "app.kubernetes.io/managed-by=meshwright");

	private ApiPaths() {
	}

	static String object(ObjectRef ref) {
		AllowList.named(ref);
		return collection(ref.kind(), ref.namespace()) + "/" + ref.name();
	}

	static String apply(ObjectRef ref, String manager, boolean force) {
		return object(ref) + "?" + query("fieldManager", manager) + "&fieldValidation=Strict&force=" + force;
	}

	static String dryRun(ObjectRef ref, String manager, boolean force) {
		return apply(ref, manager, force) + "&dryRun=All";
	}

	static String list(ObjectKind kind, String namespace, int limit, String continuation) {
		return collection(kind, AllowList.namespace(kind, namespace)) + "?" + OURS + "&limit=" + limit
				+ (continuation.isEmpty() ? "" : "&" + query("continue", continuation));
	}

	static String watch(ObjectKind kind, String resourceVersion, long timeoutSeconds) {
		return collection(kind, "") + "?watch=true&allowWatchBookmarks=true&" + OURS + "&"
				+ query("resourceVersion", resourceVersion) + "&timeoutSeconds=" + timeoutSeconds;
	}

	static String endpointSlices(String namespace, String service, int limit, String continuation) {
		AllowList.named(new ObjectRef(ObjectKind.SERVICE, namespace, service));
		return "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices?"
				+ query("labelSelector", "kubernetes.io/service-name=" + service) + "&limit=" + limit
				+ (continuation.isEmpty() ? "" : "&" + query("continue", continuation));
	}

	/** {@code /api/v1}, {@code /apis/apps/v1}. */
	static String group(ObjectKind kind) {
		return (kind.group().isEmpty() ? "/api/" : "/apis/") + kind.apiVersion();
	}

	private static String collection(ObjectKind kind, String namespace) {
		return group(kind) + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + kind.plural();
	}

	private static String query(String name, String value) {
		return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
	}

}
