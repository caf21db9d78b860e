package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.model.service.Workload;
import dev.meshwright.model.service.Workload.SecurityContext;
import org.jspecify.annotations.Nullable;

/** The pods of a managed version. They pass the restricted Pod Security Standard. */
final class PodTemplate {

	private final ServiceModel service;

	private final String version;

	private final Workload workload;

	private final Volumes volumes;

	private final PodPorts ports;

	PodTemplate(ServiceModel service, String version, Workload workload) {
		this.service = service;
		this.version = version;
		this.workload = workload;
		this.volumes = new Volumes(workload.volumes());
		this.ports = new PodPorts(service.ports());
	}

	Tree tree() {
		Tree metadata = Tree.of("labels", Labels.ofPods(this.service.ref().name(), this.version));
		return Tree.of("metadata", metadata).with("spec", spec());
	}

	private Tree spec() {
		return Tree.of("serviceAccountName", this.service.account())
			// An account that somebody named may need its token; ours does if it has
			// rights.
			.with("automountServiceAccountToken",
					this.service.ownsAccount() ? !this.service.security().rbac().isEmpty() : null)
			.with("imagePullSecrets", imagePullSecrets())
			.with("terminationGracePeriodSeconds", this.workload.terminationGracePeriodSeconds())
			.with("securityContext", podSecurity(this.workload.securityContext()))
			.with("containers", List.of(container().toMap()))
			.with("volumes", this.volumes.sources());
	}

	private Tree container() {
		Workload.Probes probes = this.workload.probes();
		Tree container = Tree.of("name", this.service.ref().name())
			.with("image", this.workload.image())
			.with("imagePullPolicy", text(this.workload.imagePullPolicy()))
			.with("command", this.workload.command())
			.with("args", this.workload.args())
			.with("ports", this.ports.containerPorts())
			.with("env", Environment.variables(this.workload.env()))
			.with("envFrom", Environment.sources(this.workload.envFrom()))
			.with("resources", resources())
			.with("volumeMounts", this.volumes.mounts());
		if (probes != null) {
			container.with("startupProbe", Probes.of(probes.startup(), this.ports))
				.with("readinessProbe", Probes.of(probes.readiness(), this.ports))
				.with("livenessProbe", Probes.of(probes.liveness(), this.ports));
		}
		return container.with("securityContext", containerSecurity(this.workload.securityContext()));
	}

	private @Nullable Object imagePullSecrets() {
		List<String> names = this.workload.imagePullSecrets();
		return (names == null) ? null : Tree.list(names.stream().map((name) -> Tree.of("name", name)).toList());
	}

	private @Nullable Tree resources() {
		Workload.Resources resources = this.workload.resources();
		return (resources == null) ? null
				: Tree.of("requests", sorted(resources.requests())).with("limits", sorted(resources.limits()));
	}

	private static @Nullable Map<String, String> sorted(@Nullable Map<String, String> amounts) {
		return (amounts == null) ? null : new TreeMap<>(amounts);
	}

	private static Tree podSecurity(@Nullable SecurityContext declared) {
		Tree security = Tree.of("runAsNonRoot", true);
		if (declared != null) {
			security.with("runAsUser", declared.runAsUser())
				.with("runAsGroup", declared.runAsGroup())
				.with("fsGroup", declared.fsGroup());
		}
		return security.with("seccompProfile", Tree.of("type", "RuntimeDefault"));
	}

	private static Tree containerSecurity(@Nullable SecurityContext declared) {
		return Tree.of("allowPrivilegeEscalation", false)
			.with("capabilities", Tree.of("drop", List.of("ALL")))
			.with("readOnlyRootFilesystem", (declared != null) ? declared.readOnlyRootFilesystem() : null);
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

}
