package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * One default policy of a namespace that changes an object of each of its services; a raw
 * client changes as many, in another namespace.
 */
final class Fanout {

	private static final String NAMESPACE = "bulk";

	private static final String POLICY = "/api/v1/namespaces/" + NAMESPACE + "/failover-policies/default";

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
		Samples rates = new Samples("fanout objects a second");
		long objects = 0;
		for (int ejectAfter = 6; ejectAfter < 9; ejectAfter++) {
			ServerMetrics before = ServerMetrics.read(this.rig.looker());
			long committed = put(ejectAfter);
			double seconds = (System.nanoTime() - committed) / 1e9;
			objects = ServerMetrics.read(this.rig.looker()).since(before).mutating();
			rates.add(objects / seconds);
		}
		rates.write(this.out);
		double raw = raw();
		this.report.row(
				"a default of the namespace that changes " + objects + " objects: committed -> all pushed, objects/s"
						+ " (raw, 16 in flight)",
				rates.medianAndRange() + " (" + Report.number(raw) + ")", "at least 0.8 of raw",
				rates.median() >= 0.8 * raw);
	}

	/** Waits until the policy is pushed, and says when it was committed. */
	private long put(int ejectAfter) throws IOException, SQLException {
		String head = "select revision from revision_head";
		String before = this.product.database().text(head);
		this.product.begin("PUT", POLICY, """
				{"spec": {"outlierDetection": {"consecutive5xxErrors": %d, "interval": "10s"}}}"""
			.formatted(ejectAfter));
		while (this.product.database().text(head).equals(before)) {
			Product.sleep(5);
		}
		long committed = System.nanoTime();
		this.product.awaitSettled();
		return committed;
	}

	private double raw() throws SQLException {
		String namespace = "fanout-raw";
		this.rig.createNamespace(namespace);
		List<GenericKubernetesResource> rules = this.product.database()
			.pushed(NAMESPACE, namespace)
			.stream()
			.filter((object) -> object.getKind().equals("DestinationRule"))
			.toList();
		this.rig.raw().applyAll(rules.stream().map(RawClient.Call::of).toList(), 16);
		Samples rates = new Samples("fanout raw objects a second");
		for (int ejectAfter = 6; ejectAfter < 9; ejectAfter++) {
			int errors = ejectAfter + 10;
			rules.forEach((rule) -> outlierDetection(rule).put("consecutive5xxErrors", errors));
			List<RawClient.Call> calls = rules.stream().map(RawClient.Call::of).toList();
			long start = System.nanoTime();
			this.rig.raw().applyAll(calls, 16);
			rates.add(calls.size() / ((System.nanoTime() - start) / 1e9));
		}
		return rates.median();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> outlierDetection(GenericKubernetesResource rule) {
		Map<String, Object> spec = (Map<String, Object>) rule.getAdditionalProperties().get("spec");
		Map<String, Object> policy = (Map<String, Object>) spec.get("trafficPolicy");
		return (Map<String, Object>) policy.get("outlierDetection");
	}

}
