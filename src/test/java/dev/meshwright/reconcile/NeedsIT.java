package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.TestGateways;
import dev.meshwright.compile.Compilation;
import dev.meshwright.model.Condition.Status;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.Manifest.Need;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DriftPolicy;
import dev.meshwright.store.Declared;
import dev.meshwright.store.Units.Claim;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Routes between services, on the real API server: after every single write, no live
 * route leads to a Service or subset that is not there, whichever unit is worked on
 * first.
 */
class NeedsIT {

	private final String ns = "needs-" + Long.toString(System.nanoTime(), 36);

	private final List<String> broken = Collections.synchronizedList(new ArrayList<>());

	private World world;

	@BeforeEach
	void make() {
		this.world = new World(TestGateways.real(), this.ns);
		this.world.gateway.after = (apply) -> look("after the apply of " + apply.ref());
	}

	@AfterEach
	void close() {
		this.world.close();
	}

	/** A route of one service to a version of another, with what it needs there. */
	private Manifest route(String from, String to, String version) {
		Manifest route = Objects.route(this.ns, from, version);
		Map<String, Object> destination = Map.of("host", to, "subset", version);
		Map<String, Object> body = Objects.body(route.ref(), Map.of("spec", Map.of("hosts", List.of(from), "http",
				List.of(Map.of("name", "default", "route", List.of(Map.of("destination", destination)))))));
		ObjectRef rule = Objects.ref(ObjectKind.DESTINATION_RULE, this.ns, to);
		return new Manifest(route.ref(), body, route.phase(), List.of(), Set.of(), Set.of(),
				Set.of(new Need(Objects.ref(ObjectKind.SERVICE, this.ns, to), ""), new Need(rule, ""),
						new Need(rule, version)));
	}

	private void declareB(String... versions) {
		this.world.declare("b", Objects.service(this.ns, "b", 80), Objects.subsets(this.ns, "b", versions));
	}

	private void declareA(String version) {
		this.world.declare("a", Objects.service(this.ns, "a", 80), Objects.subsets(this.ns, "a", "v1"),
				route("a", "b", version));
	}

	@Test
	void theRouteWaitsForTheSubsetAndTheSubsetForTheRoute() {
		declareB("v1");
		declareA("v1");
		this.world.settle();
		assertThat(this.world.programmed("a").reason()).isEqualTo("Programmed");

		declareB("v1", "v2");
		declareA("v2");
		List<Claim> claims = this.world.claim("worker");
		work(claims, "a");
		assertThat(this.world.programmed("a").status()).isEqualTo(Status.FALSE);
		assertThat(this.world.programmed("a").reason()).isEqualTo("WaitingForOthers");
		assertThat(this.world.programmed("a").message()).contains(
				"subset v2 of DestinationRule.networking.istio.io " + this.ns + "/b", "Service " + this.ns + "/b");
		work(claims, "b");
		assertThat(due("a")).as("woken by b's end, not by a clock").isTrue();
		this.world.settle();
		assertThat(this.world.programmed("a").reason()).isEqualTo("Programmed");
		assertThat(live("a")).contains("v2");

		declareA("v1");
		declareB("v1");
		claims = this.world.claim("worker");
		work(claims, "b");
		assertThat(this.world.programmed("b").status()).isEqualTo(Status.TRUE);
		assertThat(this.world.programmed("b").reason()).isEqualTo("StillNeeded");
		assertThat(this.world.programmed("b").message()).contains("Service " + this.ns + "/a");
		assertThat(subsets("b")).contains("v2");
		work(claims, "a");
		assertThat(due("b")).isTrue();
		this.world.settle();
		assertThat(subsets("b")).doesNotContain("v2");
		assertThat(this.broken).isEmpty();
	}

	@Test
	void aServiceGoesOnlyAfterTheLastRouteToItAndASettleTime() {
		declareB("v1");
		declareA("v1");
		this.world.settle();
		this.world.push = new Compilation.Push(Duration.ZERO, Duration.ofMinutes(5), ConflictPolicy.REFUSE,
				DeletionPolicy.DELETE, DriftPolicy.HEAL);
		this.world.wanted.put("a", List.of(Objects.service(this.ns, "a", 80)));
		Declared.commit(this.world.store, Declared.delete(ResourceId.service(this.ns, "b")),
				Declared.put(ResourceId.service(this.ns, "a"), Declared.port(999)));
		List<Claim> claims = this.world.claim("worker");
		work(claims, "b");
		assertThat(this.world.programmed("b").reason()).isEqualTo("StillNeeded");
		work(claims, "a");
		this.world.settle();
		// a's own settle time before its route goes
		this.world.store.jdbc().sql("update unit set switched_at = now() - interval '6 minutes'").update();
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.gateway.get(Objects.ref(ObjectKind.VIRTUAL_SERVICE, this.ns, "a"))).isEmpty();
		assertThat(this.world.programmed("b").reason()).as("proxies may be late").isEqualTo("Settling");
		assertThat(this.world.gateway.get(Objects.ref(ObjectKind.SERVICE, this.ns, "b"))).isPresent();
		this.world.waitIsOver();
		this.world.settle();
		assertThat(this.world.gateway.get(Objects.ref(ObjectKind.SERVICE, this.ns, "b"))).isEmpty();
		assertThat(this.broken).isEmpty();
	}

	@Test
	void servicesThatRouteToEachOtherGoTogether() {
		declareB("v1");
		declareA("v1");
		this.world.settle();
		this.world.declare("b", Objects.service(this.ns, "b", 80), Objects.subsets(this.ns, "b", "v1"),
				route("b", "a", "v1"));
		this.world.settle();
		Declared.commit(this.world.store, Declared.delete(ResourceId.service(this.ns, "a")),
				Declared.delete(ResourceId.service(this.ns, "b")));
		this.world.gateway.beforeDelete = (ref) -> look("before the delete of " + ref);
		this.world.settle(Duration.ofSeconds(6));
		for (String name : List.of("a", "b")) {
			assertThat(this.world.gateway.get(Objects.ref(ObjectKind.SERVICE, this.ns, name))).isEmpty();
			assertThat(this.world.gateway.get(Objects.ref(ObjectKind.VIRTUAL_SERVICE, this.ns, name))).isEmpty();
		}
		assertThat(this.broken).isEmpty();
	}

	@Test
	void nobodyWaitsForWhatNobodyMakes() {
		declareA("v1");
		this.world.settle();
		assertThat(this.world.programmed("a").reason()).isEqualTo("Programmed");
	}

	private void work(List<Claim> claims, String service) {
		this.world.work(claims.stream().filter((claim) -> claim.unit().service().equals(service)).toList());
	}

	private boolean due(String service) {
		return this.world.store.jdbc()
			.sql("select not_before <= now() from unit where cluster = 'east' and service = :service")
			.param("service", service)
			.query(Boolean.class)
			.single();
	}

	private String live(String name) {
		return this.world.live(Objects.ref(ObjectKind.VIRTUAL_SERVICE, this.ns, name)).body().toString();
	}

	private String subsets(String name) {
		return this.world.live(Objects.ref(ObjectKind.DESTINATION_RULE, this.ns, name)).body().get("spec").toString();
	}

	/** Every live route leads somewhere. */
	private void look(String when) {
		for (String name : List.of("a", "b")) {
			this.world.gateway.get(Objects.ref(ObjectKind.VIRTUAL_SERVICE, this.ns, name)).ifPresent((route) -> {
				String other = name.equals("a") ? "b" : "a";
				String version = String.valueOf(route.body().get("spec")).contains("v2") ? "v2" : "v1";
				Optional<LiveObject> rule = this.world.gateway
					.get(Objects.ref(ObjectKind.DESTINATION_RULE, this.ns, other));
				boolean service = this.world.gateway.get(Objects.ref(ObjectKind.SERVICE, this.ns, other)).isPresent();
				if (!service || rule.isEmpty() || !String.valueOf(rule.get().body().get("spec")).contains(version)) {
					this.broken.add(when + " the route of " + name + " leads nowhere");
				}
			});
		}
	}

}
