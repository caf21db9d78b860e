package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One default policy of a namespace that changes an object of each of its services; a raw
 * client changes as many, in another namespace.
 */
final class Fanout {

	private static final String NAMESPACE = "bulk";

	private static final String POLICY = "/api/v1/namespaces/" + NAMESPACE + "/failover-policies/default";

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private final Rig rig;

	private final Product product;

	private final Report report;

	private final Path out;

	Fanout(Rig rig, Product product, Report report, Path out) {
		this.rig = rig;
		this.product = product;
		this.report = report;
		this.out = out;
	}

	/** Changes all of the services of the bulk. */
	void measure() throws IOException, SQLException {
		put(5);
		this.product.awaitSettled();
		List<GenericKubernetesResource> rules = rules();
		Samples rates = new Samples("fanout objects a second");
		for (int ejectAfter = 6; ejectAfter < 9; ejectAfter++) {
			List<CompletableFuture<Long>> changed = changed(NAMESPACE, rules, ejectAfter);
			ServerMetrics before = ServerMetrics.read(this.rig.looker());
			long committed = put(ejectAfter);
			rates.add(rules.size() / ((Observer.last(changed, PATIENCE) - committed) / 1e9));
			this.product.awaitSettled();
			long calls = ServerMetrics.read(this.rig.looker()).since(before).mutating();
			assertThat(calls).as("calls that change the objects").isEqualTo(rules.size());
		}
		rates.write(this.out);
		double raw = raw(rules);
		this.report.row(
				"a default of the namespace that changes " + rules.size() + " objects: committed -> last visible,"
						+ " objects/s (raw, 16 in flight)",
				rates.medianAndRange() + " (" + Report.number(raw) + ")", "at least 0.8 of raw",
				rates.median() >= 0.8 * raw);
	}

	/** Waits until the policy is committed, and says when that was. */
	private long put(int ejectAfter) throws IOException, SQLException {
		String head = "select revision from revision_head";
		String before = this.product.database().text(head);
		this.product.begin("PUT", POLICY, """
				{"spec": {"outlierDetection": {"consecutive5xxErrors": %d, "interval": "10s"}}}"""
			.formatted(ejectAfter));
		while (this.product.database().text(head).equals(before)) {
			Product.sleep(5);
		}
		return System.nanoTime();
	}

	/** The same on objects of its own, timed alike. */
	private double raw(List<GenericKubernetesResource> pushed) {
		String namespace = "fanout-raw";
		this.rig.createNamespace(namespace);
		List<GenericKubernetesResource> rules = pushed.stream().map((rule) -> RawClient.in(namespace, rule)).toList();
		this.rig.raw().applyAll(rules.stream().map(RawClient.Call::of).toList(), 16);
		Samples rates = new Samples("fanout raw objects a second");
		for (int ejectAfter = 6; ejectAfter < 9; ejectAfter++) {
			int errors = ejectAfter + 10;
			rules.forEach((rule) -> outlierDetection(rule).put("consecutive5xxErrors", errors));
			List<RawClient.Call> calls = rules.stream().map(RawClient.Call::of).toList();
			List<CompletableFuture<Long>> changed = changed(namespace, rules, errors);
			long start = System.nanoTime();
			this.rig.raw().applyAll(calls, 16);
			rates.add(calls.size() / ((Observer.last(changed, PATIENCE) - start) / 1e9));
		}
		return rates.median();
	}

	private List<GenericKubernetesResource> rules() throws SQLException {
		return this.product.database()
			.pushed(NAMESPACE, NAMESPACE)
			.stream()
			.filter((object) -> object.getKind().equals("DestinationRule"))
			.toList();
	}

	/** When each is next seen with so many errors. */
	private List<CompletableFuture<Long>> changed(String namespace, List<GenericKubernetesResource> rules, int errors) {
		return rules.stream()
			.map((rule) -> this.rig.observer()
				.expect(new ObjectRef(ObjectKind.DESTINATION_RULE, namespace, rule.getMetadata().getName()),
						(seen) -> Objects.equals(
								seen.get("spec", "trafficPolicy", "outlierDetection", "consecutive5xxErrors"), errors)))
			.toList();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> outlierDetection(GenericKubernetesResource rule) {
		Map<String, Object> spec = (Map<String, Object>) rule.getAdditionalProperties().get("spec");
		Map<String, Object> policy = (Map<String, Object>) spec.get("trafficPolicy");
		return (Map<String, Object>) policy.get("outlierDetection");
	}

}
