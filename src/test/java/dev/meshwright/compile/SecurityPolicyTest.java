package dev.meshwright.compile;

import java.util.List;
import java.util.Map;

import dev.meshwright.compile.Effective.Default;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for a service of the security policies of all levels, as it is told. */
class SecurityPolicyTest {

	private static final String SHOP = """
			{kind: Cluster, metadata: {name: east}, spec: {mesh: istio, connection: {sandbox: {}}}}
			---
			{kind: Namespace, metadata: {name: shop}, spec: {placement: {clusters: [east]}}}
			---
			{kind: Service, metadata: {namespace: shop, name: webapp}, spec: {
			  ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, selector: {app: webapp}}]}}
			""";

	private static final String LEVELS = """
			---
			kind: SecurityPolicy
			metadata: {name: platform}
			spec: {mutualTLS: {mode: STRICT}, access: {deny: [{name: metrics, to: [{paths: [{exact: /metrics}]}]}]}}
			---
			kind: SecurityPolicy
			metadata: {namespace: shop, name: default}
			spec: {access: {allow: [{name: neighbours, from: [{namespaces: [shop]}]}]}}
			---
			kind: SecurityPolicy
			metadata: {namespace: shop, name: webapp}
			spec: {service: webapp, mutualTLS: {mode: PERMISSIVE}, access: {deny: [{name: admin, to: [{paths: [{exact: /admin}]}]}]}}
			""";

	private static Effective effective(String shop) {
		return TestRenderers.compiler()
			.effective(new ServiceRef("shop", "webapp"),
					dev.meshwright.compile.Declared.snapshot(dev.meshwright.compile.Declared.documents(shop)))
			.orElseThrow();
	}

	@Test
	void whatNoLevelSaysIsTheMeshsOwn() {
		Effective effective = effective(SHOP);
		assertThat(effective.values().get("security")).isEqualTo(Map.of("mutualTLS", Map.of("mode", "meshDefault"),
				"jwt", List.of(), "access", Map.of("default", "meshDefault", "allow", List.of(), "deny", List.of())));
		assertThat(effective.origins()).containsEntry("/security/mutualTLS/mode", new Default())
			.containsEntry("/security/access/default", new Default());
	}

	@Test
	void whatAnAuthorizerIsAskedIsToldLevelByLevel() {
		Effective effective = effective(SHOP + """
				---
				kind: SecurityPolicy
				metadata: {name: platform}
				spec: {access: {custom: {provider: opa, rules: [{name: admin, to: [{methods: [POST]}]}]}}}
				---
				kind: SecurityPolicy
				metadata: {namespace: shop, name: webapp}
				spec: {service: webapp, access: {custom: {provider: opa, rules: [{name: all}]}}}
				""");
		ResourceId platform = new ResourceId(Kind.SECURITY_POLICY, "", "platform");
		ResourceId service = new ResourceId(Kind.SECURITY_POLICY, "shop", "webapp");
		assertThat(effective.origins())
			.containsEntry("/security/custom/provider",
					new Effective.Declared(platform, "/spec/access/custom/provider"))
			.containsEntry("/security/custom/rules/0/name",
					new Effective.Declared(platform, "/spec/access/custom/rules/0/name"))
			.containsEntry("/security/custom/rules/1/name",
					new Effective.Declared(service, "/spec/access/custom/rules/0/name"));
	}

	@Test
	void everyLevelIsToldWhereItHolds() {
		Effective effective = effective(SHOP + LEVELS);
		ResourceId platform = new ResourceId(Kind.SECURITY_POLICY, "", "platform");
		ResourceId namespace = new ResourceId(Kind.SECURITY_POLICY, "shop", "default");
		ResourceId service = new ResourceId(Kind.SECURITY_POLICY, "shop", "webapp");
		assertThat(effective.origins())
			.containsEntry("/security/mutualTLS/mode", new Effective.Declared(platform, "/spec/mutualTLS/mode"))
			.containsEntry("/security/access/default", new Effective.Declared(namespace, "/spec/access/allow"))
			.containsEntry("/security/access/allow/0/name",
					new Effective.Declared(namespace, "/spec/access/allow/0/name"))
			.containsEntry("/security/access/deny/0/name", new Effective.Declared(platform, "/spec/access/deny/0/name"))
			.containsEntry("/security/access/deny/1/name", new Effective.Declared(service, "/spec/access/deny/0/name"));
	}

}
