package dev.meshwright.compile;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.service.ServiceSpec.Version;

/** The versions of a service and, for those that are managed, their workloads. */
final class VersionChecks implements Check {

	private static final int LONGEST_TOGETHER = 52;

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		At spec = findings.spec(subject.service().id());
		Set<String> names = new HashSet<>();
		spec.each("versions", subject.versions(), (version, at) -> {
			Names.rfc1035(version.name(), at.at("name"));
			int together = subject.ref().name().length() + version.name().length();
			if (together > LONGEST_TOGETHER) {
				at.at("name")
					.report(DiagnosticCode.NAME_TOO_LONG, "'" + subject.ref().name() + "' and '" + version.name()
							+ "' have " + together + " characters together");
			}
			if (!names.add(version.name())) {
				at.at("name").report(DiagnosticCode.DUPLICATE_NAME, "two versions are named '" + version.name() + "'");
			}
			Values.exactlyOne(at, "workload and selector", version.workload(), version.selector());
			at.given("selector", version.selector(), VersionChecks::selector);
			at.given("workload", version.workload(),
					(workload, place) -> new WorkloadChecks(subject).check(workload, place));
		});
		commonLabel(subject, spec.at("versions"));
	}

	private static void selector(Map<String, String> selector, At at) {
		if (selector.isEmpty()) {
			at.report(DiagnosticCode.REQUIRED_FIELD, "the selector selects every pod", "at least one label");
		}
		Names.labels(selector, at);
	}

	private static void commonLabel(ServiceSubject subject, At at) {
		Map<String, String> common = new HashMap<>();
		boolean first = true;
		for (Version version : subject.versions()) {
			Map<String, String> labels = podLabels(subject, version);
			if (first) {
				common.putAll(labels);
			}
			common.entrySet().retainAll(labels.entrySet());
			first = false;
		}
		boolean empty = subject.versions()
			.stream()
			.anyMatch((version) -> Given.map(version.selector()).isEmpty() && version.workload() == null);
		if (common.isEmpty() && !subject.versions().isEmpty() && !empty) {
			at.report(DiagnosticCode.NO_COMMON_LABEL,
					"the pods of " + String.join(", ", subject.versions().stream().map(Version::name).toList())
							+ " have no label in common");
		}
	}

	/** The labels by which a Kubernetes Service can tell a version's pods. */
	private static Map<String, String> podLabels(ServiceSubject subject, Version version) {
		return (version.workload() != null) ? Map.of("app.kubernetes.io/name", subject.ref().name())
				: Given.map(version.selector());
	}

	/** The labels that select the pods of a version, for ever. */
	static Map<String, String> selectorOf(String service, Version version) {
		return (version.workload() != null)
				? new TreeMap<>(Map.of("app.kubernetes.io/name", service, "meshwright.dev/version", version.name()))
				: new TreeMap<>(Given.map(version.selector()));
	}

	/** The selectors that together find the pods of a service. */
	static Stream<Map<String, String>> selectorsOf(String service, Stream<Version> versions) {
		return versions
			.<Map<String, String>>map((version) -> (version.workload() != null)
					? Map.of("app.kubernetes.io/name", service) : new TreeMap<>(Given.map(version.selector())))
			.distinct();
	}

}
