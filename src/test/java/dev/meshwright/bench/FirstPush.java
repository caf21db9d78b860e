package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * Many services at once into an empty namespace: through the product, with a raw client
 * and with kubectl, in turns that change direction with each round. All are timed alike:
 * until the observer has seen the last object.
 */
final class FirstPush {

	private static final List<Integer> IN_FLIGHT = List.of(1, 4, 16, 32);

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private final Rig rig;

	private final Product product;

	private final Path out;

	private final int services;

	private final int objects;

	private final List<GenericKubernetesResource> pushed = new ArrayList<>();

	final Samples pushes = new Samples("first push objects a second, from accepted");

	final Samples whole = new Samples("first push objects a second, from sent");

	final Samples writes = new Samples("change set ms");

	final Samples kubectl = new Samples("kubectl objects a second");

	final Map<Integer, Samples> raws = new TreeMap<>();

	final Samples toRaw = new Samples("first push over best raw of the round");

	final Samples toKubectl = new Samples("first push over kubectl of the round");

	final Samples cpu = new Samples("first push CPU ms an object, product");

	final Samples cpuPostgres = new Samples("first push CPU ms an object, Postgres");

	final Samples cpuCluster = new Samples("first push CPU ms an object, kube-apiserver and etcd");

	final Samples cpuRawCluster = new Samples("raw 16 CPU ms an object, kube-apiserver and etcd");

	final Samples cpuDriver = new Samples("first push CPU ms an object, observer");

	/**
	 * Pushes.
	 * @param services how many services
	 * @param objects how many objects each of them becomes
	 */
	FirstPush(Rig rig, Product product, Path out, int services, int objects) {
		this.rig = rig;
		this.product = product;
		this.out = out;
		this.services = services;
		this.objects = objects;
		IN_FLIGHT.forEach((calls) -> this.raws.put(calls, new Samples("raw objects a second, in flight " + calls)));
	}

	int count() {
		return this.services * this.objects;
	}

	/** The best number of calls in flight, by median. */
	Samples best() {
		return Collections.max(this.raws.values(), (one, other) -> Double.compare(one.median(), other.median()));
	}

	/** Measures; the round before the first does not count. */
	void measure(String prefix, int rounds) throws IOException, SQLException, InterruptedException {
		for (int round = 0; round <= rounds; round++) {
			String namespace = prefix + round;
			boolean counts = round > 0;
			double product = (round % 2 == 0) ? push(namespace, counts) : 0;
			double best = 0;
			for (int calls : IN_FLIGHT) {
				double rate = raw(namespace, calls, counts);
				best = Math.max(best, rate);
				if (counts) {
					this.raws.get(calls).add(rate);
				}
			}
			double peer = kubectl(namespace);
			product = (round % 2 == 0) ? product : push(namespace, counts);
			if (counts) {
				this.kubectl.add(peer);
				this.toRaw.add(product / best);
				this.toKubectl.add(product / peer);
			}
		}
		for (Samples samples : samples()) {
			samples.write(this.out);
		}
	}

	private List<Samples> samples() {
		List<Samples> samples = new ArrayList<>(this.raws.values());
		samples.addAll(List.of(this.pushes, this.whole, this.writes, this.kubectl, this.toRaw, this.toKubectl, this.cpu,
				this.cpuPostgres, this.cpuCluster, this.cpuRawCluster, this.cpuDriver));
		return samples;
	}

	private double push(String namespace, boolean counts) throws IOException, SQLException {
		this.product.put(new Fleet().namespace(namespace, "bench"));
		this.product.awaitSettled();
		Fleet fleet = new Fleet();
		for (int i = 0; i < this.services; i++) {
			fleet.managed(namespace, "service-%03d".formatted(i));
		}
		long start = System.nanoTime();
		CpuTime before = CpuTime.now(this.product);
		this.product.put(fleet);
		long accepted = System.nanoTime();
		long last = this.rig.observer().awaitObjects(namespace, count(), PATIENCE);
		this.product.awaitSettled();
		CpuTime used = CpuTime.now(this.product).since(before);
		if (counts) {
			this.writes.addMillis(start, accepted);
			this.pushes.add(rate(accepted, last));
			this.whole.add(rate(start, last));
			this.cpu.add(used.product() / count());
			this.cpuPostgres.add(used.postgres() / count());
			this.cpuCluster.add(used.cluster() / count());
			this.cpuDriver.add(used.driver() / count());
		}
		else {
			this.pushed.addAll(this.product.database().pushed(namespace, namespace));
		}
		return rate(accepted, last);
	}

	private double raw(String round, int calls, boolean counts) throws SQLException {
		String namespace = round + "-raw" + calls;
		List<RawClient.Call> bodies = bodies(namespace).stream().map(RawClient.Call::of).toList();
		RawClient raw = this.rig.raw();
		CpuTime before = CpuTime.now(this.product);
		long start = System.nanoTime();
		raw.applyAll(bodies, calls);
		long last = this.rig.observer().awaitObjects(namespace, count(), PATIENCE);
		if (counts && calls == 16) {
			this.cpuRawCluster.add(CpuTime.now(this.product).since(before).cluster() / count());
		}
		return rate(start, last);
	}

	private double kubectl(String round) throws IOException, InterruptedException {
		String namespace = round + "-kubectl";
		Path file = RawClient.write(bodies(namespace), this.out);
		Path kubeconfig = this.rig.writeKubeconfig(this.out);
		long start = System.nanoTime();
		RawClient.kubectl(file, kubeconfig, this.out);
		return rate(start, this.rig.observer().awaitObjects(namespace, count(), PATIENCE));
	}

	/** What the product pushed, for another namespace, which is made. */
	private List<GenericKubernetesResource> bodies(String namespace) {
		this.rig.createNamespace(namespace);
		return this.pushed.stream().map((object) -> RawClient.in(namespace, object)).toList();
	}

	private double rate(long from, long to) {
		return count() / ((to - from) / 1e9);
	}

}
