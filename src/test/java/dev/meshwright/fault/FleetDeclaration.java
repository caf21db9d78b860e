package dev.meshwright.fault;

/** Namespaces with many small services. */
final class FleetDeclaration {

	private FleetDeclaration() {
	}

	/**
	 * A change set of a namespace and its services {@code s0}, {@code s1}, …
	 * @param namespace the namespace's name
	 * @param services how many
	 * @param image the image of all of them
	 */
	static String of(String namespace, int services, String image) {
		StringBuilder documents = new StringBuilder("""
				kind: ChangeSet
				message: The fleet
				---
				kind: Namespace
				metadata: {name: %s}
				spec: {owner: team-fleet, injection: sidecar, placement: {clusters: [east]}}
				""".formatted(namespace));
		for (int number = 0; number < services; number++) {
			documents.append("---\n").append(service(namespace, number, image));
		}
		return documents.toString();
	}

	static String service(String namespace, int number, String image) {
		return """
				kind: Service
				metadata: {namespace: %s, name: s%d}
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: "%s"}}]
				""".formatted(namespace, number, image);
	}

	static String path(String namespace, int number) {
		return "/api/v1/namespaces/" + namespace + "/services/s" + number;
	}

}
