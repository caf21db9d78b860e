package dev.meshwright.compile;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.DnsNames;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.service.Workload;
import dev.meshwright.model.service.Workload.Autoscaling;
import dev.meshwright.model.service.Workload.Resources;
import dev.meshwright.model.service.Workload.SecurityContext;

/** What is run for a managed version. */
final class WorkloadChecks {

	private static final String COMPONENT = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";

	private static final Pattern IMAGE = Pattern.compile("([a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?(:[0-9]{1,5})?/)?"
			+ COMPONENT + "(/" + COMPONENT + ")*(:[A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?(@sha256:[0-9a-f]{64})?");

	private static final int LONGEST_IMAGE = 512;

	private final ServiceSubject subject;

	WorkloadChecks(ServiceSubject subject) {
		this.subject = subject;
	}

	void check(Workload workload, At at) {
		image(workload.image(), at.at("image"));
		replicas(workload, at);
		at.given("autoscaling", workload.autoscaling(), (scaling, place) -> autoscaling(scaling, workload, place));
		at.given("resources", workload.resources(), WorkloadChecks::resources);
		at.given("securityContext", workload.securityContext(), WorkloadChecks::securityContext);
		at.each("imagePullSecrets", workload.imagePullSecrets(), Names::object);
		Values.range(workload.terminationGracePeriodSeconds(), 0, Integer.MAX_VALUE,
				at.at("terminationGracePeriodSeconds"));
		ContainerChecks.env(workload, at);
		ContainerChecks.volumes(workload, at);
		new ProbeChecks(this.subject.ports()).check(workload.probes(), at.at("probes"));
	}

	private void image(String image, At at) {
		if (image.length() > LONGEST_IMAGE || !IMAGE.matcher(image).matches()) {
			at.report(DiagnosticCode.INVALID_IMAGE, "'" + image + "' is no image reference");
		}
		else if (namespaceDemandsDigest() && !image.contains("@sha256:")) {
			at.report(DiagnosticCode.DIGEST_REQUIRED, "'" + image + "' has no digest");
		}
	}

	private boolean namespaceDemandsDigest() {
		return this.subject.namespace()
			.map((namespace) -> Boolean.TRUE.equals(namespace.spec().requireDigest()))
			.orElse(false);
	}

	private void replicas(Workload workload, At at) {
		Values.range(workload.replicas(), 0, Integer.MAX_VALUE, at.at("replicas"));
		if (workload.replicas() != null && workload.autoscaling() != null) {
			at.at("replicas")
				.report(DiagnosticCode.EXCLUSIVE_FIELDS, "replicas are given together with autoscaling",
						"exactly one of replicas and autoscaling");
		}
		int most = (workload.autoscaling() != null) ? workload.autoscaling().maxReplicas()
				: Given.or(workload.replicas(), 1);
		this.subject.namespace()
			.map((namespace) -> namespace.spec().quota())
			.map(NamespaceSpec.Quota::replicas)
			.filter((quota) -> most > quota)
			.ifPresent((quota) -> at.report(DiagnosticCode.QUOTA_EXCEEDED,
					most + " replicas are more than the namespace's " + quota, quota));
	}

	private static void autoscaling(Autoscaling scaling, Workload workload, At at) {
		Values.range(scaling.minReplicas(), 1, Integer.MAX_VALUE, at.at("minReplicas"));
		Values.range(scaling.maxReplicas(), Math.max(1, Given.or(scaling.minReplicas(), 1)), Integer.MAX_VALUE,
				at.at("maxReplicas"));
		Values.range(scaling.targetCPUUtilizationPercentage(), 1, Integer.MAX_VALUE,
				at.at("targetCPUUtilizationPercentage"));
		Values.range(scaling.targetMemoryUtilizationPercentage(), 1, Integer.MAX_VALUE,
				at.at("targetMemoryUtilizationPercentage"));
		boolean memory = scaling.targetMemoryUtilizationPercentage() != null;
		needsRequest((!memory || scaling.targetCPUUtilizationPercentage() != null), "cpu", workload, at);
		needsRequest(memory, "memory", workload, at);
	}

	private static void needsRequest(boolean used, String resource, Workload workload, At at) {
		Resources resources = Given.or(workload.resources(), new Resources(null, null));
		if (used && !Given.map(resources.requests()).containsKey(resource)
				&& !Given.map(resources.limits()).containsKey(resource)) {
			at.report(DiagnosticCode.AUTOSCALING_WITHOUT_REQUESTS, "no " + resource + " is requested", resource);
		}
	}

	private static void resources(Resources resources, At at) {
		Map<String, BigDecimal> limits = new HashMap<>();
		at.entries("limits", resources.limits(),
				(name, text, place) -> Values.quantity(text, place).ifPresent((limit) -> limits.put(name, limit)));
		at.entries("requests", resources.requests(), (name, text, place) -> {
			if (!DnsNames.isLabelKey(name)) {
				place.report(DiagnosticCode.INVALID_NAME, "'" + name + "' is no resource", "cpu, memory or the like");
			}
			Values.quantity(text, place)
				.filter((request) -> limits.containsKey(name) && request.compareTo(limits.get(name)) > 0)
				.ifPresent((_) -> place.report(DiagnosticCode.REQUESTS_EXCEED_LIMITS,
						name + " " + text + " is more than the limit " + Given.map(resources.limits()).get(name)));
		});
	}

	private static void securityContext(SecurityContext context, At at) {
		if (context.runAsUser() != null && context.runAsUser() == 0) {
			at.at("runAsUser").report(DiagnosticCode.RUNS_AS_ROOT, "runAsUser is 0");
		}
		Values.range(context.runAsUser(), 0, Integer.MAX_VALUE, at.at("runAsUser"));
		Values.range(context.runAsGroup(), 0, Integer.MAX_VALUE, at.at("runAsGroup"));
		Values.range(context.fsGroup(), 0, Integer.MAX_VALUE, at.at("fsGroup"));
	}

}
