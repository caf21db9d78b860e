package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * One weight of one route changes: one VirtualService, in the phase switch. In turns: a
 * bare commit, a raw apply, and the change through each of several products, each idle
 * again before the next.
 */
final class Latency {

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	static final String SERVICE = "probe";

	private final Rig rig;

	private final Path out;

	private final int rounds;

	private final String when;

	final Samples commit;

	final Samples apply;

	private int turn;

	Latency(Rig rig, Path out, int rounds, String when) {
		this.rig = rig;
		this.out = out;
		this.rounds = rounds;
		this.when = when;
		this.commit = new Samples("raw commit ms, " + when);
		this.apply = new Samples("raw apply to visible ms, " + when);
	}

	/** A product with a probe of its own, and what was measured with it. */
	record Probe(Product product, String namespace, Samples accepted, Samples sent) {

		/** Declares the probe and waits for its objects. */
		static void declare(Product product, String namespace) throws IOException, SQLException {
			product.put(new Fleet().namespace(namespace, "bench"));
			product.put(new Fleet().managed(namespace, SERVICE));
			product.awaitSettled();
		}

	}

	Probe probe(Product product, String namespace, String which) {
		return new Probe(product, namespace, new Samples("accepted to visible ms, " + this.when + which),
				new Samples("sent to visible ms, " + this.when + which));
	}

	/** Measures after some changes that do not count, for the JVMs to warm up. */
	void measure(int warmUp, List<Probe> probes) throws IOException, SQLException {
		Probe first = probes.getFirst();
		String peerNamespace = first.namespace + "-raw-" + this.when.replaceAll("[^a-z0-9]+", "-");
		this.rig.createNamespace(peerNamespace);
		GenericKubernetesResource peer = first.product.database()
			.pushed(first.namespace, peerNamespace)
			.stream()
			.filter((object) -> object.getKind().equals("VirtualService"))
			.findFirst()
			.orElseThrow();
		Samples none = new Samples("warm-up, " + this.when);
		for (int i = 0; i < warmUp; i++) {
			raw(peer, next(), none);
			for (Probe probe : probes) {
				put(probe, next(), none, none);
				probe.product.awaitSettled();
			}
		}
		for (int i = 0; i < this.rounds; i++) {
			long start = System.nanoTime();
			first.product.database().commit();
			this.commit.addMillis(start, System.nanoTime());
			raw(peer, next(), this.apply);
			for (Probe probe : probes) {
				put(probe, next(), probe.accepted, probe.sent);
				probe.product.awaitSettled();
			}
		}
		this.commit.write(this.out);
		this.apply.write(this.out);
		none.write(this.out);
		for (Probe probe : probes) {
			probe.accepted.write(this.out);
			probe.sent.write(this.out);
		}
	}

	private int next() {
		this.turn++;
		return 1 + this.turn % 89;
	}

	private void put(Probe probe, int weight, Samples accepted, Samples sent) throws IOException {
		CompletableFuture<Long> seen = this.rig.observer().expect(virtualService(probe.namespace), firstWeight(weight));
		long start = System.nanoTime();
		probe.product.send("PUT", path(probe.namespace), "{\"spec\": " + Fleet.route(SERVICE, weight) + "}");
		long answered = System.nanoTime();
		long visible = Observer.await(seen, PATIENCE);
		accepted.addMillis(answered, visible);
		sent.addMillis(start, visible);
	}

	/** The path of the probe's route. */
	static String path(String namespace) {
		return "/api/v1/namespaces/" + namespace + "/routing-policies/" + SERVICE;
	}

	/** One change, until it is visible; the product may still be at work. */
	void change(Probe probe) throws IOException {
		put(probe, next(), probe.accepted, probe.sent);
	}

	private void raw(GenericKubernetesResource peer, int weight, Samples samples) {
		setWeights(peer, weight);
		CompletableFuture<Long> seen = this.rig.observer()
			.expect(virtualService(peer.getMetadata().getNamespace()), firstWeight(weight));
		RawClient raw = this.rig.raw();
		RawClient.Call call = RawClient.Call.of(peer);
		long start = System.nanoTime();
		raw.apply(call);
		samples.addMillis(start, Observer.await(seen, PATIENCE));
	}

	private static ObjectRef virtualService(String namespace) {
		return new ObjectRef(ObjectKind.VIRTUAL_SERVICE, namespace, SERVICE);
	}

	static Predicate<GenericKubernetesResource> firstWeight(int weight) {
		return (object) -> firstWeight(object) == weight;
	}

	/** The weight of the first destination of a VirtualService; -1 if it has none. */
	static int firstWeight(GenericKubernetesResource virtualService) {
		return routes(virtualService).getFirst().get("weight") instanceof Number weight ? weight.intValue() : -1;
	}

	/** Gives the first of two destinations a weight and the other the rest of 100. */
	static void setWeights(GenericKubernetesResource virtualService, int weight) {
		List<Map<String, Object>> route = routes(virtualService);
		route.getFirst().put("weight", weight);
		route.getLast().put("weight", 100 - weight);
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> routes(GenericKubernetesResource virtualService) {
		Map<String, Object> spec = (Map<String, Object>) virtualService.getAdditionalProperties().get("spec");
		return (List<Map<String, Object>>) ((List<Map<String, Object>>) spec.get("http")).getFirst().get("route");
	}

}
