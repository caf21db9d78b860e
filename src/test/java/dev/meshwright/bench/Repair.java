package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/**
 * Back to what is declared after somebody changed it on the cluster, and back to what was
 * declared at an older revision. It works on the services of the bulk.
 */
final class Repair {

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	/** More than the pause between two repairs of one object. */
	private static final Duration PEACE = Duration.ofSeconds(4);

	private static final String NAMESPACE = "bulk";

	/** What somebody else makes of the first weight, which is declared as another. */
	private static final int FOREIGN = 42;

	private final Rig rig;

	private final Product product;

	private final Report report;

	private final Path out;

	Repair(Rig rig, Product product, Report report, Path out) {
		this.rig = rig;
		this.product = product;
		this.report = report;
		this.out = out;
	}

	/** One object after the other: half of them are changed, half are deleted. */
	void one(int services) throws IOException, SQLException {
		List<GenericKubernetesResource> routes = routes(services);
		Samples changed = new Samples("changed by somebody else to healed ms");
		Samples deleted = new Samples("deleted by somebody else to healed ms");
		long before = this.rig.observer().writes();
		for (int i = 0; i < routes.size(); i++) {
			GenericKubernetesResource route = routes.get(i);
			CompletableFuture<Long> healed = healed(NAMESPACE, route);
			RawClient.Call call = foreign(NAMESPACE, route);
			if (i % 2 == 0) {
				this.rig.raw().apply(call);
			}
			else {
				this.rig.raw().deleteAll(List.of(call), 1);
			}
			long done = System.nanoTime();
			(i % 2 == 0 ? changed : deleted).addMillis(done, Observer.await(healed, PATIENCE));
			this.product.awaitSettled();
		}
		long others = this.rig.observer().writes() - before - 2L * routes.size();
		changed.write(this.out);
		deleted.write(this.out);
		this.report.row("one object changed on the cluster -> healed, ms (p50, p99)", changed.quantiles(),
				"p99 at most 1000", changed.quantile(0.99) <= 1000);
		this.report.row("one object deleted on the cluster -> there again, ms (p50, p99)", deleted.quantiles(),
				"p99 at most 1000", deleted.quantile(0.99) <= 1000);
		this.report.row("the same: writes of anything else", String.valueOf(others), "0", others == 0);
	}

	/**
	 * All of them at once, none healed so short a time ago that it would be waited for
	 * whoever fights for it. A raw client does the same to as many objects: it changes
	 * each as somebody else, and applies what it was.
	 */
	void many(int services) throws IOException, SQLException {
		List<GenericKubernetesResource> routes = routes(services);
		double rawRate = raw(routes);
		Product.sleep(PEACE.toMillis());
		List<CompletableFuture<Long>> healed = healed(NAMESPACE, routes);
		long before = this.rig.observer().writes();
		ServerMetrics calls = ServerMetrics.read(this.rig.looker());
		long start = System.nanoTime();
		change(NAMESPACE, routes);
		double rate = 2 * routes.size() / ((Observer.last(healed, PATIENCE) - start) / 1e9);
		this.product.awaitSettled();
		long healing = this.rig.observer().writes() - before - routes.size();
		long tried = ServerMetrics.read(this.rig.looker()).since(calls).mutating() - routes.size();
		this.report.row(
				routes.size() + " objects changed at once -> all healed, objects/s, those of the change counted"
						+ " too (the same by a raw client, 16 in flight)",
				Report.number(rate) + " (" + Report.number(rawRate) + ")", "at least 0.7 of raw",
				rate >= 0.7 * rawRate);
		this.report.row("the same: writes that healed (calls, with those that learnt who else has the field)",
				healing + " (" + tried + ")", String.valueOf(routes.size()), healing == routes.size());
	}

	/** Objects a second, changes and repairs counted, on objects of its own. */
	private double raw(List<GenericKubernetesResource> routes) {
		String peers = "repair-raw";
		this.rig.createNamespace(peers);
		List<RawClient.Call> declared = routes.stream()
			.map((route) -> RawClient.Call.of(RawClient.in(peers, route)))
			.toList();
		this.rig.raw().applyAll(declared, 16);
		this.rig.observer().awaitObjects(peers, routes.size(), PATIENCE);
		List<CompletableFuture<Long>> repaired = healed(peers, routes);
		long start = System.nanoTime();
		change(peers, routes);
		this.rig.raw().applyAll(declared, 16);
		return 2 * routes.size() / ((Observer.last(repaired, PATIENCE) - start) / 1e9);
	}

	/**
	 * One resource, then the namespace, to what they were before all of it was changed.
	 */
	void rollback(int services) throws IOException, SQLException {
		List<GenericKubernetesResource> routes = routes(services);
		long to = revision();
		Fleet fleet = new Fleet();
		for (GenericKubernetesResource route : routes) {
			fleet.routed(NAMESPACE, name(route), FOREIGN);
		}
		this.product.put(fleet);
		this.product.awaitSettled();
		Samples one = new Samples("rollback of one resource accepted to visible ms");
		for (GenericKubernetesResource route : routes.subList(0, routes.size() / 4)) {
			CompletableFuture<Long> back = healed(NAMESPACE, route);
			this.product.send("POST", "/api/v1/rollbacks", """
					{"to": %d, "scope": {"resource": {"kind": "RoutingPolicy", "namespace": "%s", "name": "%s"}}}"""
				.formatted(to, NAMESPACE, name(route)));
			one.addMillis(System.nanoTime(), Observer.await(back, PATIENCE));
			this.product.awaitSettled();
		}
		one.write(this.out);
		List<GenericKubernetesResource> rest = routes.subList(routes.size() / 4, routes.size());
		List<CompletableFuture<Long>> back = healed(NAMESPACE, rest);
		ServerMetrics before = ServerMetrics.read(this.rig.looker());
		this.product.send("POST", "/api/v1/rollbacks",
				"{\"to\": %d, \"scope\": {\"namespace\": \"%s\"}}".formatted(to, NAMESPACE));
		long accepted = System.nanoTime();
		long end = Observer.last(back, PATIENCE);
		this.product.awaitSettled();
		long calls = ServerMetrics.read(this.rig.looker()).since(before).mutating();
		this.report.row("rollback of one resource, accepted -> visible, ms (p50, p99)", one.quantiles(), "", true);
		this.report.row("rollback of a namespace in which " + rest.size() + " objects differ: mutating calls (s)",
				calls + " (" + Report.number((end - accepted) / 1e9) + ")", String.valueOf(rest.size()),
				calls == rest.size());
	}

	private long revision() throws SQLException {
		return Long.parseLong(this.product.database().text("select revision from revision_head"));
	}

	private List<GenericKubernetesResource> routes(int services) throws SQLException {
		return this.product.database()
			.pushed(NAMESPACE, NAMESPACE)
			.stream()
			.filter((object) -> object.getKind().equals("VirtualService"))
			.limit(services)
			.toList();
	}

	private static String name(GenericKubernetesResource object) {
		return object.getMetadata().getName();
	}

	/** Somebody else changes all of them. */
	private void change(String namespace, List<GenericKubernetesResource> routes) {
		this.rig.raw().applyAll(routes.stream().map((route) -> foreign(namespace, route)).toList(), 16);
	}

	private List<CompletableFuture<Long>> healed(String namespace, List<GenericKubernetesResource> routes) {
		return routes.stream().map((route) -> healed(namespace, route)).toList();
	}

	/** When it is next seen with the weight that it has here. */
	private CompletableFuture<Long> healed(String namespace, GenericKubernetesResource route) {
		return this.rig.observer()
			.expect(new ObjectRef(ObjectKind.VIRTUAL_SERVICE, namespace, name(route)),
					Latency.firstWeight(Latency.firstWeight(route)));
	}

	/**
	 * Somebody else applies the same with another weight, and nothing of what marks it as
	 * ours.
	 */
	private static RawClient.Call foreign(String namespace, GenericKubernetesResource route) {
		GenericKubernetesResource copy = RawClient.in(namespace, route);
		copy.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name(route)).build());
		Latency.setWeights(copy, FOREIGN);
		return RawClient.Call.of(copy, "somebody");
	}

}
