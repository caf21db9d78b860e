package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.Phase;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.service.ServiceSpec.DisruptionBudget;
import dev.meshwright.model.service.Workload;
import dev.meshwright.model.service.Workload.Autoscaling;

/** What one version has of its own: Deployment, autoscaler, disruption budget. */
final class VersionObjects {

	private static final int DEFAULT_CPU_UTILIZATION = 80;

	private final ServiceModel service;

	private final ServiceModel.Version version;

	VersionObjects(ServiceModel service, ServiceModel.Version version) {
		this.service = service;
		this.version = version;
	}

	List<Manifest> manifests() {
		List<Manifest> manifests = new ArrayList<>();
		this.version.workload().ifPresent((workload) -> {
			manifests.add(deployment(workload));
			if (workload.autoscaling() != null) {
				manifests.add(autoscaler(workload.autoscaling()));
			}
		});
		this.service.disruptionBudget().ifPresent((budget) -> manifests.add(disruptionBudget(budget)));
		return manifests;
	}

	private Manifest deployment(Workload workload) {
		Map<String, String> selector = Labels.selector(this.service.ref().name(), this.version.name());
		Tree spec = Tree.empty();
		if (workload.autoscaling() == null) {
			spec.with("replicas", (workload.replicas() != null) ? workload.replicas() : 1);
		}
		spec.with("selector", Tree.of("matchLabels", selector))
			.with("template", new PodTemplate(this.service, this.version.name(), workload).tree());
		return manifest(ObjectKind.DEPLOYMENT, spec, Set.of(".spec.replicas"));
	}

	private Manifest autoscaler(Autoscaling autoscaling) {
		Tree target = Tree.of("apiVersion", ObjectKind.DEPLOYMENT.apiVersion())
			.with("kind", ObjectKind.DEPLOYMENT.kind())
			.with("name", name());
		return manifest(ObjectKind.HORIZONTAL_POD_AUTOSCALER,
				Tree.of("scaleTargetRef", target)
					.with("minReplicas", (autoscaling.minReplicas() != null) ? autoscaling.minReplicas() : 1)
					.with("maxReplicas", autoscaling.maxReplicas())
					.with("metrics", metrics(autoscaling)));
	}

	private static List<Map<String, Object>> metrics(Autoscaling autoscaling) {
		Integer cpu = autoscaling.targetCPUUtilizationPercentage();
		Integer memory = autoscaling.targetMemoryUtilizationPercentage();
		List<Tree> metrics = new ArrayList<>();
		if (cpu != null || memory == null) {
			metrics.add(metric("cpu", (cpu != null) ? cpu : DEFAULT_CPU_UTILIZATION));
		}
		if (memory != null) {
			metrics.add(metric("memory", memory));
		}
		return Tree.list(metrics);
	}

	private static Tree metric(String resource, int utilization) {
		Tree target = Tree.of("type", "Utilization").with("averageUtilization", utilization);
		return Tree.of("type", "Resource").with("resource", Tree.of("name", resource).with("target", target));
	}

	private Manifest disruptionBudget(DisruptionBudget budget) {
		Tree spec = Tree.empty();
		if (budget.minAvailable() != null) {
			spec.with("minAvailable", budget.minAvailable().value());
		}
		if (budget.maxUnavailable() != null) {
			spec.with("maxUnavailable", budget.maxUnavailable().value());
		}
		return manifest(ObjectKind.POD_DISRUPTION_BUDGET,
				spec.with("selector", Tree.of("matchLabels", this.version.labels())));
	}

	private Manifest manifest(ObjectKind kind, Tree spec) {
		return manifest(kind, spec, Set.of());
	}

	private Manifest manifest(ObjectKind kind, Tree spec, Set<String> shared) {
		ObjectRef ref = new ObjectRef(kind, this.service.ref().namespace(), name());
		Map<String, String> labels = Labels.ofVersion(this.service.ref().name(), this.version.name());
		return new Manifest(ref, ObjectBody.of(ref, labels).with("spec", spec).toMap(), Phase.MAKE, List.of(), Set.of(),
				shared);
	}

	private String name() {
		return this.service.ref().name() + "-" + this.version.name();
	}

}
