package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * Changes of distinct services at fixed rates, as many teams make them; a raw client
 * changes the same routes in another namespace at the same rate.
 */
final class SteadyLoad {

	private static final String NAMESPACE = "steady";

	private static final int SERVICES = 100;

	private final Rig rig;

	private final Product product;

	private final Report report;

	private final Path out;

	SteadyLoad(Rig rig, Product product, Report report, Path out) {
		this.rig = rig;
		this.product = product;
		this.report = report;
		this.out = out;
	}

	void measure(List<Integer> rates, int seconds) throws IOException, SQLException {
		List<String> services = IntStream.range(0, SERVICES).mapToObj("service-%03d"::formatted).toList();
		this.product.put(new Fleet().namespace(NAMESPACE, "bench"));
		Fleet fleet = new Fleet();
		services.forEach((service) -> fleet.managed(NAMESPACE, service));
		this.product.put(fleet);
		this.product.awaitSettled();
		String peers = NAMESPACE + "-raw";
		this.rig.createNamespace(peers);
		Map<String, GenericKubernetesResource> routes = this.product.database()
			.pushed(NAMESPACE, peers)
			.stream()
			.filter((object) -> object.getKind().equals("VirtualService"))
			.collect(Collectors.toMap((object) -> object.getMetadata().getName(), Function.identity()));
		OpenLoop ours = new OpenLoop(this.rig, NAMESPACE, services);
		OpenLoop raw = new OpenLoop(this.rig, peers, services);
		for (int rate : rates) {
			OpenLoop.Result changed = ours.run(rate, seconds, this::put);
			this.product.awaitSettled();
			report(rate, seconds, changed,
					raw.run(rate, seconds, (service, weight) -> apply(routes.get(service), weight)));
		}
	}

	private void put(String service, int weight) throws IOException {
		this.product.send("PUT", "/api/v1/namespaces/" + NAMESPACE + "/routing-policies/" + service,
				"{\"spec\": " + Fleet.route(service, weight) + "}");
	}

	private void apply(GenericKubernetesResource route, int weight) {
		RawClient.Call call;
		synchronized (route) {
			Latency.setWeights(route, weight);
			call = RawClient.Call.of(route);
		}
		this.rig.raw().apply(call);
	}

	private void report(int rate, int seconds, OpenLoop.Result ours, OpenLoop.Result raw) throws IOException {
		String what = rate + " PUTs a second for " + seconds + " s";
		Samples lag = ours.samples(what + ", accepted to visible ms", OpenLoop.Change::lagMillis);
		Samples peer = raw.samples(rate + " raw applies a second for " + seconds + " s, sent to visible ms",
				OpenLoop.Change::sentMillis);
		lag.write(this.out);
		peer.write(this.out);
		double growth = ours.growth();
		this.report.row(what + " to " + SERVICES + " services, accepted -> visible, ms (p50, p99; not sent on time)",
				lag.quantiles() + "; " + ours.late(), "", true);
		this.report.row("a raw client at that rate, sent -> visible, ms (p50, p99; not sent on time)",
				peer.quantiles() + "; " + raw.late(), "", true);
		this.report.row("the former's p99 in the last third over that in the first", Report.ratio(growth), "at most 2",
				growth <= 2);
	}

}
