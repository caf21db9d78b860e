package dev.meshwright.fault;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ShopDeclaration;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An account with the rights that its roles give it, and no others, as the API server's
 * own authorizer has them.
 */
class RightsFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final String ACCOUNT = "meshwright-under-test";

	private static final String USER = "system:serviceaccount:default:" + ACCOUNT;

	private static final String EVERYTHING = "everything-here";

	private static final String NAMESPACES = "namespaces-of-the-cluster";

	private static final String READS = "reads-of-the-cluster";

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of("meshwright.reconcile.resync-interval", "5s"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "rights-" + COUNT.incrementAndGet();

	private final String forbidden = this.namespace + "-forbidden";

	private final Journal journal = new Journal();

	@BeforeEach
	void declare() {
		this.journal.declare(this.rig.api(), this.namespace);
		this.rig.declare(ShopDeclaration.of(this.forbidden, 90));
		for (int number = 0; number < 6; number++) {
			this.rig.declare(FleetDeclaration.service(this.namespace, number, "example/app:1"));
			this.rig.declare(FleetDeclaration.service(this.forbidden, number, "example/app:1"));
		}
		new Oracle(this.rig, List.of(this.namespace, this.forbidden)).converges();
		grantEverywhere(NAMESPACES, rule("", "namespaces"));
		grant(this.rig.systemNamespace, stamp());
	}

	@AfterEach
	void takeBack() {
		this.rig.proxy.impersonate(null);
		takeBack(this.rig.systemNamespace);
		takeBackEverywhere(NAMESPACES);
		takeBackEverywhere(READS);
	}

	/** A right that is missing in one namespace, and granted later. */
	@Test
	void aRightThatIsMissingInOneNamespaceHoldsUpNoOther() {
		grant(this.namespace);
		begin();
		this.rig.declare(ShopDeclaration.routing(this.forbidden, 50));
		assertThat(this.journal.write(this.rig.api(), this.namespace)).isEqualTo(200);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		assertForbidden();
		assertThat(this.rig.live(this.forbidden).resourceVersions()).as("the last good objects stay")
			.hasSizeGreaterThanOrEqualTo(24);

		grant(this.forbidden);
		new Oracle(this.rig, List.of(this.namespace, this.forbidden)).check(this.journal);
		assertThat(this.rig.proxy.mutations()).noneMatch((request) -> request.method().equals("DELETE"));
	}

	/**
	 * A role that is taken away while everything runs, where the rest is read by a role
	 * of the cluster, and where it is not.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aRoleThatIsTakenAwayUnderWorkConcernsItsNamespaceAlone(boolean readsEverywhere) throws Exception {
		if (readsEverywhere) {
			grantEverywhere(READS,
					new PolicyRuleBuilder().withApiGroups("*")
						.withResources("*")
						.withVerbs("get", "list", "watch")
						.build());
		}
		grant(this.namespace);
		grant(this.forbidden);
		begin();
		this.rig.declare(ShopDeclaration.routing(this.forbidden, 60));
		new Oracle(this.rig, List.of(this.namespace, this.forbidden)).converges();
		this.rig.proxy.forget();

		try (Bystander bystander = new Bystander(this.rig, this.journal, this.namespace)) {
			takeBack(this.forbidden);
			Map<String, String> before = this.rig.live(this.forbidden).resourceVersions();
			this.rig.declare(ShopDeclaration.routing(this.forbidden, 50));
			assertThat(this.rig.api().delete(FleetDeclaration.path(this.forbidden, 0)).status()).isEqualTo(202);
			assertForbidden();
			this.rig.replicas.getFirst().kill();
			this.rig.heal();
			assertForbidden();
			long claims = claims();
			FaultRig.await("everything was compared three times", () -> {
				assertNobodyElseIsForbidden();
				return claims() > claims + 3;
			});
			bystander.assertUnharmed();
			assertThat(this.rig.live(this.forbidden).resourceVersions()).isEqualTo(before);
			assertThat(refused()).as("calls that were refused").isGreaterThan(5);
			assertThat(this.rig.proxy.log().done()).noneMatch((each) -> each.seen().method().equals("DELETE"));
			grant(this.forbidden);
			new Oracle(this.rig, List.of(this.forbidden)).converges();
		}
		new Oracle(this.rig, List.of(this.namespace, this.forbidden)).check(this.journal);
		FaultRig.await("what was deleted meanwhile is gone",
				() -> this.rig.api().get(FleetDeclaration.path(this.forbidden, 0)).status() == 404);
		assertThat(this.rig.proxy.log().done().stream().filter((each) -> each.seen().method().equals("DELETE")))
			.as("deletes")
			.isNotEmpty()
			.allMatch((each) -> each.seen().object().matches(".*/" + this.forbidden + "/[a-z]+/s0(-v1)?"));
	}

	/** From here on the rights of the account count. */
	private void begin() {
		FaultRig.await("the rights are granted", () -> may(this.namespace));
		this.rig.proxy.impersonate(USER);
		this.rig.proxy.cutWatches();
		this.rig.proxy.forget();
	}

	private void assertForbidden() {
		JsonNode condition = this.rig.api()
			.awaitReason(ShopDeclaration.routingPolicy(this.forbidden), "Programmed", "Forbidden");
		assertThat(condition.path("message").asString()).contains(USER).contains(this.forbidden);
	}

	private void assertNobodyElseIsForbidden() {
		for (JsonNode service : this.rig.api()
			.get("/api/v1/namespaces/" + this.namespace + "/services?limit=500")
			.body()
			.path("items")) {
			assertThat(service.path("status").path("conditions").findValuesAsString("reason"))
				.as("%s: %s", service.path("metadata").path("name"), service.path("status"))
				.doesNotContain("Forbidden");
		}
	}

	private long refused() {
		return this.rig.proxy.log().exchanges().stream().filter((each) -> each.status() == 403).count();
	}

	/** How often somebody worked on a service that has every right. */
	private long claims() {
		return this.rig.database.sql("select sum(fence) from unit where namespace = :namespace and service = 's0'")
			.param("namespace", this.namespace)
			.query(Long.class)
			.single();
	}

	private static PolicyRule rule(String group, String resource) {
		return new PolicyRuleBuilder().withApiGroups(group).withResources(resource).withVerbs("*").build();
	}

	/** Without it nobody knows whose cluster it is, and nothing is pushed anywhere. */
	private static PolicyRule stamp() {
		return new PolicyRuleBuilder().withApiGroups("")
			.withResources("configmaps")
			.withResourceNames("meshwright-installation")
			.withVerbs("get", "create", "patch")
			.build();
	}

	private void grantEverywhere(String name, PolicyRule rule) {
		this.rig.kubernetes
			.resource(new ClusterRoleBuilder().withNewMetadata().withName(name).endMetadata().withRules(rule).build())
			.create();
		this.rig.kubernetes
			.resource(new ClusterRoleBindingBuilder().withNewMetadata()
				.withName(name)
				.endMetadata()
				.withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name)
				.addNewSubject("", "ServiceAccount", ACCOUNT, "default")
				.build())
			.create();
	}

	private void takeBackEverywhere(String name) {
		this.rig.kubernetes.rbac().clusterRoleBindings().withName(name).delete();
		this.rig.kubernetes.rbac().clusterRoles().withName(name).delete();
	}

	private void grant(String namespace) {
		grant(namespace, rule("*", "*"));
	}

	private void grant(String namespace, PolicyRule rule) {
		this.rig.kubernetes
			.resource(new RoleBuilder().withNewMetadata()
				.withName(EVERYTHING)
				.withNamespace(namespace)
				.endMetadata()
				.withRules(rule)
				.build())
			.create();
		this.rig.kubernetes
			.resource(new RoleBindingBuilder().withNewMetadata()
				.withName(EVERYTHING)
				.withNamespace(namespace)
				.endMetadata()
				.withNewRoleRef("rbac.authorization.k8s.io", "Role", EVERYTHING)
				.addNewSubject("", "ServiceAccount", ACCOUNT, "default")
				.build())
			.create();
	}

	private void takeBack(String namespace) {
		this.rig.kubernetes.rbac().roleBindings().inNamespace(namespace).withName(EVERYTHING).delete();
		this.rig.kubernetes.rbac().roles().inNamespace(namespace).withName(EVERYTHING).delete();
		FaultRig.await("the right is gone", () -> !may(namespace));
	}

	private boolean may(String namespace) {
		var review = new SubjectAccessReviewBuilder().withNewSpec()
			.withUser(USER)
			.withNewResourceAttributes()
			.withNamespace(namespace)
			.withVerb("patch")
			.withGroup("apps")
			.withResource("deployments")
			.endResourceAttributes()
			.endSpec()
			.build();
		return this.rig.kubernetes.resource(review).create().getStatus().getAllowed();
	}

}
