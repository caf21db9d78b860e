package dev.meshwright.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.client.utils.Serialization;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller that others name gets another account: on a real API server there is no
 * instant at which the account of its pods, the old one or the new one, is not let in.
 */
class AccountChangeE2E {

	private static final String NAMESPACE = "accounts";

	private static final Pattern PRINCIPAL = Pattern.compile("/ns/" + NAMESPACE + "/sa/([a-z-]+)\"");

	private static final String STOREFRONT = "/api/v1/namespaces/" + NAMESPACE + "/services/storefront";

	private static final String WEBAPP = "/api/v1/namespaces/" + NAMESPACE + "/services/webapp";

	@TempDir
	static Path directory;

	private static ClusterUnderTest cluster;

	private static LiveObjects live;

	@BeforeAll
	static void declare() throws IOException {
		cluster = new ClusterUnderTest(directory, Map.of("meshwright.default-placement", "east"));
		live = cluster.live(NAMESPACE);
		accepted(cluster.api()
			.patch("/api/v1/clusters/east",
					"{\"spec\": {\"settle\": {\"beforeSwitch\": \"0s\", \"beforeBreak\": \"8s\"}}}"));
		accepted(cluster.api().changeSet("""
				kind: ChangeSet
				message: A shop whose front is let in
				---
				kind: Namespace
				metadata: {name: accounts}
				spec: {injection: sidecar}
				---
				kind: Service
				metadata: {namespace: accounts, name: webapp}
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions: [{name: v1, workload: {image: "nginxinc/nginx-unprivileged:1.29"}}]
				---
				kind: SecurityPolicy
				metadata: {namespace: accounts, name: webapp}
				spec:
				  service: webapp
				  mutualTLS: {mode: STRICT}
				  access: {default: deny, allow: [{name: front, from: [{services: [storefront]}]}]}
				---
				""" + storefront("")));
		cluster.api().awaitCondition(WEBAPP, "Programmed", "True");
		cluster.api().awaitCondition(STOREFRONT, "Programmed", "True");
		live.makeDeploymentsAvailable();
	}

	@AfterAll
	static void close() {
		if (cluster != null) {
			cluster.close();
		}
	}

	private static String storefront(String account) {
		return """
				kind: Service
				metadata: {namespace: accounts, name: storefront}
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  dependencies: [webapp]%s
				  versions: [{name: v1, workload: {image: "nginxinc/nginx-unprivileged:1.29"}}]
				""".formatted(account);
	}

	private static void accepted(ApiClient.Answer answer) {
		assertThat(answer.status()).as(answer.text()).isIn(200, 201);
	}

	@Test
	void neitherAccountIsEverShutOut() {
		assertThat(admitted()).containsExactly("storefront");
		AtomicInteger refusals = new AtomicInteger(2);
		List<String> shutOut = Collections.synchronizedList(new ArrayList<>());
		List<String> order = Collections.synchronizedList(new ArrayList<>());
		cluster.proxy.before((request) -> {
			if (request.mutates() && request.path().contains("/authorizationpolicies/webapp-allow")
					&& refusals.getAndDecrement() > 0) {
				throw new IllegalStateException("the policy cannot be written for a while");
			}
		});
		cluster.proxy.after((request) -> {
			if (request.mutates() && request.path().contains("/namespaces/" + NAMESPACE + "/")) {
				Set<String> admitted = admitted();
				String account = account();
				order.add(admitted + " " + account);
				if (!admitted.contains(account)) {
					shutOut.add(request + ": " + admitted + " without " + account);
				}
			}
		});

		accepted(cluster.api().changeSet(storefront("\n  serviceAccount: front-of-shop")));
		String waited = cluster.api().awaitReason(STOREFRONT, "Programmed", "NotAdmitted").path("message").asString();
		assertThat(waited).contains("AuthorizationPolicy.security.istio.io accounts/webapp-allow");
		assertThat(account()).isEqualTo("storefront");

		cluster.api().awaitReason(STOREFRONT, "Programmed", "Settling");
		assertThat(account()).isEqualTo("front-of-shop");
		assertThat(admitted()).as("while old pods are being replaced")
			.containsExactlyInAnyOrder("front-of-shop", "storefront");

		cluster.api().awaitReason(STOREFRONT, "Programmed", "Programmed");
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(admitted()).containsExactly("front-of-shop"));
		assertThat(shutOut).isEmpty();
		assertThat(order.stream().distinct()).containsSubsequence("[front-of-shop, storefront] storefront",
				"[front-of-shop, storefront] front-of-shop");
		assertThat(order).doesNotContain("[front-of-shop] storefront", "[storefront] front-of-shop");
	}

	/** Whom the policy lets in at this instant. */
	private static Set<String> admitted() {
		Set<String> accounts = new TreeSet<>();
		PRINCIPAL.matcher(Serialization.asJson(live.get("AuthorizationPolicy", "webapp-allow")))
			.results()
			.forEach((match) -> accounts.add(match.group(1)));
		return accounts;
	}

	/** Under which account new pods start at this instant. */
	private static String account() {
		return cluster.kubernetes.apps()
			.deployments()
			.inNamespace(NAMESPACE)
			.withName("storefront-v1")
			.get()
			.getSpec()
			.getTemplate()
			.getSpec()
			.getServiceAccountName();
	}

}
