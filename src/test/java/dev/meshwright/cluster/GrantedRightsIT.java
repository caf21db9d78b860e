package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * With the rights that the chart gives us, and no others, a real API server lets us grant
 * workloads what the operator lists by default, and nothing else.
 */
class GrantedRightsIT {

	private static final String CHART = "helm/meshwright/";

	private static KubernetesClient us;

	private static String namespace;

	@BeforeAll
	static void haveTheRightsOfTheChart() throws IOException {
		RealApiServer server = RealApiServer.get();
		namespace = server.freshNamespace();
		ClusterRole role = Serialization.unmarshal(chartRole(), ClusterRole.class);
		role.getMetadata().setName(namespace);
		var values = new YAMLMapper().readTree(Files.readString(Path.of(CHART + "values.yaml")));
		values.get("workloadRbac")
			.forEach((rule) -> role.getRules()
				.add(Serialization.unmarshal(rule.toString(), io.fabric8.kubernetes.api.model.rbac.PolicyRule.class)));
		server.client().resource(role).create();
		server.client()
			.resource(new ClusterRoleBindingBuilder().withNewMetadata()
				.withName(namespace)
				.endMetadata()
				.withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", namespace)
				.addNewSubject("rbac.authorization.k8s.io", "User", namespace, null)
				.build())
			.create();
		Config config = Config.fromKubeconfig(server.kubeconfig());
		config.setImpersonateUsername(namespace);
		us = new KubernetesClientBuilder().withConfig(config).build();
	}

	@AfterAll
	static void close() {
		if (us != null) {
			us.close();
		}
	}

	/** The first document, without the lines and values that only Helm understands. */
	private static String chartRole() throws IOException {
		return Files.readAllLines(Path.of(CHART + "templates/rbac.yaml"))
			.stream()
			.takeWhile((line) -> !line.equals("---"))
			.filter((line) -> !line.strip().startsWith("{{") && !line.contains("labels:"))
			.map((line) -> line.replaceAll("\\{\\{.*}}", "templated"))
			.collect(Collectors.joining("\n"));
	}

	@Test
	void whatTheOperatorListsByDefaultCanBeGrantedAndBound() {
		us.resource(role("reads", "", "configmaps", "get", "list", "watch")).create();
		us.resource(role("slices", "discovery.k8s.io", "endpointslices", "get", "list", "watch")).create();
		us.resource(role("leases", "coordination.k8s.io", "leases", "get", "list", "watch")).create();
		var bound = us
			.resource(new RoleBindingBuilder().withNewMetadata()
				.withNamespace(namespace)
				.withName("reads")
				.endMetadata()
				.withNewRoleRef("rbac.authorization.k8s.io", "Role", "reads")
				.addNewSubject("", "ServiceAccount", "webapp", namespace)
				.build())
			.create();
		assertThat(bound.getSubjects()).hasSize(1);
	}

	@Test
	void whatWeDoNotHaveCannotBeGrantedByUs() {
		for (Role role : List.of(role("a", "", "secrets", "get"), role("b", "", "configmaps", "update"),
				role("c", "", "*", "get"), role("d", "rbac.authorization.k8s.io", "roles", "escalate"),
				role("e", "", "serviceaccounts", "impersonate"))) {
			assertThatExceptionOfType(KubernetesClientException.class).isThrownBy(() -> us.resource(role).create())
				.satisfies((refused) -> assertThat(refused.getCode()).isEqualTo(403))
				.withMessageContaining("attempting to grant RBAC permissions not currently held");
		}
	}

	private static Role role(String name, String group, String resource, String... verbs) {
		return new RoleBuilder().withNewMetadata()
			.withNamespace(namespace)
			.withName(name)
			.endMetadata()
			.withRules(new PolicyRuleBuilder().withApiGroups(group).withResources(resource).withVerbs(verbs).build())
			.build();
	}

}
