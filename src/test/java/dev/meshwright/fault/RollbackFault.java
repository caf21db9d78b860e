package dev.meshwright.fault;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ApiClient;
import dev.meshwright.e2e.ApiServerProxy.Seen;
import dev.meshwright.e2e.Injected;
import dev.meshwright.e2e.ShopDeclaration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Rollbacks while the newer state is on its way, and while others write. */
class RollbackFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(2, Map.of("meshwright.cluster-request-timeout", "4s"));

	private final FaultRig rig = SHARED.get();

	private final String namespace = "rollback-" + COUNT.incrementAndGet();

	@Test
	void theNewerStateThatArrivesLateDoesNotUndoTheRollback() {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		long good = head();
		CountDownLatch released = new CountDownLatch(1);
		Set<String> met = ConcurrentHashMap.newKeySet();
		this.rig.proxy.faults((request) -> isRoute(request) && request.mutates() && met.add("once")
				? new Injected.Hold(released) : Injected.NONE);
		this.rig.declare(ShopDeclaration.routing(this.namespace, 10));
		FaultRig.await("the newer state is on its way", () -> this.rig.proxy.log().faults() == 1);
		assertThat(rollback(good).status()).isEqualTo(200);
		new Oracle(this.rig, List.of(this.namespace)).converges();
		assertThat(weights()).contains("90");
		released.countDown();
		FaultRig.await("the late write was answered",
				() -> this.rig.proxy.log()
					.exchanges()
					.stream()
					.anyMatch((each) -> each.fault() instanceof Injected.Hold && each.status() > 0));
		new Oracle(this.rig, List.of(this.namespace)).check();
		assertThat(weights()).contains("90");
		String audit = this.rig.api().get("/api/v1/audit-events?limit=100").text();
		assertThat(audit).contains("rollbacks");
	}

	/** Whoever commits last wins, on both replicas and in the cluster. */
	@Test
	void rollbacksAndWritesAtTheSameTimeEndAsTheLastCommitSays() throws Exception {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		new Oracle(this.rig, List.of(this.namespace)).converges();
		long good = head();
		AtomicInteger done = new AtomicInteger();
		for (int round = 0; round < 10; round++) {
			int weight = 10 + round;
			CompletableFuture<Integer> write = CompletableFuture.supplyAsync(() -> this.rig.replicas.get(1)
				.client()
				.changeSet(ShopDeclaration.routing(this.namespace, weight))
				.status());
			CompletableFuture<Integer> back = CompletableFuture.supplyAsync(() -> rollback(good).status());
			assertThat(write.get()).isIn(200, 409);
			assertThat(back.get()).isIn(200, 409);
			done.addAndGet(((write.get() == 200) ? 1 : 0) + ((back.get() == 200) ? 1 : 0));
		}
		assertThat(done.get()).as("accepted").isGreaterThanOrEqualTo(10);
		assertThat(this.rig.database
			.sql("select count(*) from revision_head h where h.revision <> (select count(*) from revision)")
			.query(Long.class)
			.single()).as("gaps").isZero();
		new Oracle(this.rig, List.of(this.namespace)).check();
		String last = this.rig.database.sql("""
				select c.after::text from resource_change c where c.kind = 'RoutingPolicy' and c.namespace = :namespace
				order by c.revision desc limit 1""").param("namespace", this.namespace).query(String.class).single();
		weights().forEach((weight) -> assertThat(last).contains("\"weight\": " + weight));
	}

	private ApiClient.Answer rollback(long to) {
		return this.rig.api()
			.send("POST", "/api/v1/rollbacks",
					"{\"to\": %d, \"scope\": {\"namespace\": \"%s\"}}".formatted(to, this.namespace),
					"application/json");
	}

	private List<String> weights() {
		return Bystander.weights(this.rig, this.namespace);
	}

	private long head() {
		return this.rig.database.sql("select revision from revision_head").query(Long.class).single();
	}

	private boolean isRoute(Seen request) {
		return request.object().endsWith("/" + this.namespace + "/virtualservices/webapp");
	}

}
