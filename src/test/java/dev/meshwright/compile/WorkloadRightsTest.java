package dev.meshwright.compile;

import java.util.List;

import dev.meshwright.model.security.PolicyRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What the operator may let workloads have. */
class WorkloadRightsTest {

	@Test
	void byDefaultWhatIsReadByMostAndNoSecrets() {
		assertThat(WorkloadRights.DEFAULT)
			.hasToString("get configmaps, get endpointslices.discovery.k8s.io, get leases.coordination.k8s.io, "
					+ "list configmaps, list endpointslices.discovery.k8s.io, list leases.coordination.k8s.io, "
					+ "watch configmaps, watch endpointslices.discovery.k8s.io, watch leases.coordination.k8s.io");
		assertThat(WorkloadRights.of(List.of())).hasToString("none");
	}

	@ParameterizedTest
	@CsvSource({ "'', secrets, get", "'', secrets/status, get", "'', serviceaccounts/token, create", "'', pods, *",
			"'', *, get", "*, configmaps, get", "'', pods/*, get", "rbac.authorization.k8s.io, roles, escalate",
			"rbac.authorization.k8s.io, roles, bind", "'', serviceaccounts, impersonate" })
	void noOperatorCanLetWorkloadsTakeOtherRights(String group, String resource, String verb) {
		assertThatIllegalArgumentException().isThrownBy(() -> WorkloadRights.of(rule(group, resource, verb)))
			.withMessageContaining("meshwright.workload-rbac: no workload is ever granted to " + verb);
	}

	@Test
	void aListReplacesTheDefault() {
		WorkloadRights rights = WorkloadRights.of(rule("batch", "jobs", "create"));
		assertThat(rights.allow(new WorkloadRights.Right("batch", "jobs", "create"))).isTrue();
		assertThat(rights.allow(new WorkloadRights.Right("batch", "jobs", "get"))).isFalse();
		assertThat(rights.allow(new WorkloadRights.Right("", "configmaps", "get"))).isFalse();
	}

	private static List<PolicyRule> rule(String group, String resource, String verb) {
		return List.of(new PolicyRule(List.of(group), List.of(resource), null, List.of(verb)));
	}

}
