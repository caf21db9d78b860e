package dev.meshwright.compile;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.model.security.PolicyRule;

/**
 * The rights that the operator lets workloads have at the API of the cluster that they
 * run on. Some no operator can add: those by which a workload would come by others.
 */
public final class WorkloadRights {

	private static final List<String> READ = List.of("get", "list", "watch");

	/** Verbs by which one takes rights that one does not have. */
	private static final Set<String> ESCALATING = Set.of("escalate", "bind", "impersonate");

	/** What lets its reader act as somebody else. */
	private static final Set<String> CREDENTIALS = Set.of("secrets", "serviceaccounts/token");

	/** What the operator lets workloads have who says nothing. */
	public static final WorkloadRights DEFAULT = of(
			List.of(new PolicyRule(List.of(""), List.of("configmaps"), null, READ),
					new PolicyRule(List.of("discovery.k8s.io"), List.of("endpointslices"), null, READ),
					new PolicyRule(List.of("coordination.k8s.io"), List.of("leases"), null, READ)));

	private final SortedSet<String> rights;

	private WorkloadRights(SortedSet<String> rights) {
		this.rights = rights;
	}

	/**
	 * The rights in a list of the operator.
	 * @param rules the list
	 * @throws IllegalArgumentException when a rule lacks a field, names objects, or holds
	 * a right that no workload ever gets
	 */
	public static WorkloadRights of(List<PolicyRule> rules) {
		SortedSet<String> rights = new TreeSet<>();
		for (PolicyRule rule : rules) {
			if (rule.apiGroups() == null || rule.resources() == null || rule.verbs() == null
					|| rule.resourceNames() != null) {
				throw new IllegalArgumentException(
						"meshwright.workload-rbac: each rule has api-groups, resources and verbs, and no resource-names");
			}
			Right.in(rule).forEach((right) -> {
				if (right.isNeverGranted()) {
					throw new IllegalArgumentException(
							"meshwright.workload-rbac: no workload is ever granted to " + right + "; remove it");
				}
				rights.add(right.toString());
			});
		}
		return new WorkloadRights(rights);
	}

	boolean allow(Right right) {
		return !right.isNeverGranted() && this.rights.contains(right.toString());
	}

	@Override
	public String toString() {
		return this.rights.isEmpty() ? "none" : String.join(", ", this.rights);
	}

	/**
	 * One right.
	 *
	 * @param apiGroup the group, empty for the core group
	 * @param resource the resource
	 * @param verb what may be done
	 */
	record Right(String apiGroup, String resource, String verb) {

		static Stream<Right> in(PolicyRule rule) {
			return rule.apiGroups()
				.stream()
				.flatMap((group) -> rule.resources()
					.stream()
					.flatMap((resource) -> rule.verbs().stream().map((verb) -> new Right(group, resource, verb))));
		}

		/** Whether it is one that no operator can allow. */
		boolean isNeverGranted() {
			return ESCALATING.contains(this.verb) || CREDENTIALS.contains(this.resource)
					|| this.resource.startsWith("secrets/")
					|| Stream.of(this.apiGroup, this.resource, this.verb).anyMatch((part) -> part.contains("*"));
		}

		/** {@code get endpointslices.discovery.k8s.io}, as kubectl names resources. */
		@Override
		public String toString() {
			return Stream.of(this.resource, this.apiGroup)
				.filter((part) -> !part.isEmpty())
				.collect(Collectors.joining(".", this.verb + " ", ""));
		}

	}

}
