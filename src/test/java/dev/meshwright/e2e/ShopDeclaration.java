package dev.meshwright.e2e;

/**
 * A small namespace with one service of two versions, declared in a namespace of the
 * test's own.
 */
public final class ShopDeclaration {

	private ShopDeclaration() {
	}

	/**
	 * A change set: the namespace, the service {@code webapp} with versions v1 and v2,
	 * and its routing policy.
	 * @param namespace the namespace's name
	 * @param weightOfV1 the weight of v1 out of 100; the rest goes to v2
	 */
	public static String of(String namespace, int weightOfV1) {
		return """
				kind: ChangeSet
				message: The shop
				---
				kind: Namespace
				metadata: {name: %1$s}
				spec: {owner: team-shop, injection: sidecar, placement: {clusters: [east]}}
				---
				kind: Service
				metadata: {namespace: %1$s, name: webapp}
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions:
				    - {name: v1, workload: {image: "nginxinc/nginx-unprivileged:1.29"}}
				    - {name: v2, workload: {image: "nginxinc/nginx-unprivileged:1.30"}}
				---
				%2$s""".formatted(namespace, routing(namespace, weightOfV1));
	}

	public static String routing(String namespace, int weightOfV1) {
		return """
				kind: RoutingPolicy
				metadata: {namespace: %s, name: webapp}
				spec:
				  service: webapp
				  rules:
				    - name: default
				      split: [{version: v1, weight: %d}, {version: v2, weight: %d}]
				""".formatted(namespace, weightOfV1, 100 - weightOfV1);
	}

	public static String service(String namespace) {
		return "/api/v1/namespaces/" + namespace + "/services/webapp";
	}

	public static String routingPolicy(String namespace) {
		return "/api/v1/namespaces/" + namespace + "/routing-policies/webapp";
	}

}
