package dev.meshwright.cluster;

import java.util.List;
import java.util.Map;

/**
 * Stands in for the controller that a sandbox does not have: every replica of a
 * Deployment is available at once. The condition's reason says that no pod runs.
 */
final class DeploymentController {

	private DeploymentController() {
	}

	/** The status of a Deployment with this body at this generation. */
	static Map<String, Object> status(Map<String, Object> body, long generation) {
		Object declared = ObjectJson.map(body.get("spec")).get("replicas");
		int replicas = (declared instanceof Number number) ? number.intValue() : 1;
		return Map.of("observedGeneration", generation, "replicas", replicas, "updatedReplicas", replicas,
				"readyReplicas", replicas, "availableReplicas", replicas, "conditions",
				List.of(Map.of("type", "Available", "status", "True", "reason", "Sandbox", "message",
						"This cluster is a sandbox: replicas count as available, no pod runs.")));
	}

}
