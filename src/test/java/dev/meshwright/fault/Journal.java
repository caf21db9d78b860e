package dev.meshwright.fault;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.meshwright.e2e.ApiClient;
import dev.meshwright.e2e.ShopDeclaration;
import tools.jackson.databind.JsonNode;

/**
 * Changes the weights of a routing policy over and over and writes down what the answers
 * promised. Each weight is written once, so that it names its write.
 */
final class Journal {

	private final Map<String, List<Write>> writes = new TreeMap<>();

	/** A write: what it asked for, and what it was told. */
	private record Write(int weight, int status, long revision) {

		boolean acknowledged() {
			return this.status >= 200 && this.status < 300;
		}

		/** No answer, or one that leaves open whether it happened. */
		boolean maybe() {
			return this.status == 0 || this.status >= 500;
		}

	}

	/** Declares the shop; the first write of its namespace. */
	synchronized void declare(ApiClient api, String namespace) {
		record(namespace, 1, () -> api.changeSet(ShopDeclaration.of(namespace, 1)));
	}

	/**
	 * Writes the next weight.
	 * @return the status of the answer, 0 for none
	 */
	synchronized int write(ApiClient api, String namespace) {
		int weight = this.writes.get(namespace).getLast().weight + 1;
		return record(namespace, weight, () -> api.put(ShopDeclaration.routingPolicy(namespace), """
				{"spec": {"service": "webapp", "rules": [{"name": "default",
				  "split": [{"version": "v1", "weight": %d}, {"version": "v2", "weight": 1}]}]}}""".formatted(weight)));
	}

	private int record(String namespace, int weight, java.util.function.Supplier<ApiClient.Answer> call) {
		int status = 0;
		long revision = 0;
		try {
			ApiClient.Answer answer = call.get();
			status = answer.status();
			revision = answer.body().path("metadata").path("revision").asLong(answer.body().path("revision").asLong(0));
		}
		catch (IllegalStateException ex) {
			// no answer: maybe
		}
		this.writes.computeIfAbsent(namespace, (name) -> new ArrayList<>()).add(new Write(weight, status, revision));
		return status;
	}

	Set<String> namespaces() {
		return this.writes.keySet();
	}

	synchronized long acknowledged() {
		return all().stream().filter(Write::acknowledged).count();
	}

	synchronized long maybes() {
		return all().stream().filter(Write::maybe).count();
	}

	private Collection<Write> all() {
		return this.writes.values().stream().flatMap(List::stream).toList();
	}

	/** I1: what was acknowledged is there, or was superseded by what came later. */
	synchronized List<String> lost(ApiClient api) {
		List<String> lost = new ArrayList<>();
		this.writes.forEach((namespace, writes) -> {
			Set<Integer> possible = new LinkedHashSet<>();
			for (Write write : writes) {
				if (write.acknowledged()) {
					possible.clear();
				}
				if (write.acknowledged() || write.maybe()) {
					possible.add(write.weight);
				}
			}
			int stored = weight(api.get(ShopDeclaration.routingPolicy(namespace)).body());
			if (!possible.contains(stored)) {
				lost.add(namespace + ": weight " + stored + " is stored, and acknowledged were " + possible);
			}
			for (Write write : writes) {
				if (write.revision > 0 && api.get("/api/v1/revisions/" + write.revision).status() != 200) {
					lost.add(namespace + ": revision " + write.revision + " was acknowledged and is not there");
				}
			}
		});
		return lost;
	}

	/** The weight that a routing policy of the journal's says, -1 for none. */
	static int weight(JsonNode policy) {
		return policy.at("/spec/rules/0/split/0/weight").asInt(-1);
	}

}
