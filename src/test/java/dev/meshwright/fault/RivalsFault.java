package dev.meshwright.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.ApiServerProxy.Seen;
import dev.meshwright.e2e.ShopDeclaration;
import dev.meshwright.e2e.TrafficLog.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Other controllers that want fields of our objects. {@code -Dfault.fight} says how many
 * seconds they fight; it takes twice as long until the last of our pauses is over.
 */
class RivalsFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final Duration FIGHT = Duration.ofSeconds(Integer.getInteger("fault.fight", 35));

	private static final Duration EVERY = Duration.ofMillis(200);

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of());

	private final FaultRig rig = SHARED.get();

	private final String namespace = "rivals-" + COUNT.incrementAndGet();

	private final String other = this.namespace + "-other";

	private final Journal journal = new Journal();

	/** We come to want what somebody else has had all along. */
	@Test
	void aFieldOfSomebodyElseIsAConflictThatNamesHimAndHoldsUpNothingElse() {
		declare();
		Rival rival = new Rival(this.rig, "apps/v1", "Deployment", this.namespace, "webapp-v1");
		rival.owns("""
				spec:
				  template:
				    spec:
				      containers:
				        - name: webapp
				          resources: {limits: {memory: 256Mi}}
				""");
		try (Bystander bystander = new Bystander(this.rig, this.journal, this.other)) {
			this.rig.declare(FleetDeclaration.service(this.namespace, 0, "example/app:1"));
			this.rig.declare(service("resources: {limits: {memory: 512Mi}}", ":1.31"));
			JsonNode condition = this.rig.api()
				.awaitReason(ShopDeclaration.service(this.namespace), "Programmed", "Conflict");
			assertThat(condition.path("status").asString()).isEqualTo("False");
			assertThat(condition.path("message").asString()).contains("Deployment", this.namespace + "/webapp-v1",
					Rival.NAME, ".spec.template.spec.containers[name=\"webapp\"].resources.limits.memory");
			FaultRig.await("the rest of the service is pushed", () -> image("webapp-v2").endsWith(":1.31"));
			this.rig.api().awaitCondition(FleetDeclaration.path(this.namespace, 0), "Programmed", "True");
			FaultRig.await("it is tried again", () -> refused("webapp-v1").size() > 1);
			bystander.assertUnharmed();
		}
		assertThat(gaps(refused("webapp-v1"))).as("seconds between attempts")
			.allSatisfy((gap) -> assertThat(gap).isGreaterThanOrEqualTo(29));
		assertThat(image("webapp-v1")).as("all of it, or nothing").endsWith(":1.29");
		rival.owns("");
		new Oracle(this.rig, List.of(this.namespace, this.other)).check(this.journal);
	}

	/** Somebody sets back what we push, five times a second. */
	@Test
	void whoFightsForAFieldIsAnsweredLessAndLessAndNobodyElseNotices() {
		declare();
		Rival rival = new Rival(this.rig, "networking.istio.io/v1", "VirtualService", this.namespace, "webapp");
		int rounds;
		try (Rival.Insistence insistence = rival.insists("spec: {hosts: [webapp, rival.example]}", EVERY)) {
			try (StatusEvents events = new StatusEvents(this.rig.api())) {
				JsonNode condition = this.rig.api()
					.awaitReason(ShopDeclaration.service(this.namespace), "Programmed", "Fighting");
				assertThat(condition.path("status").asString()).isEqualTo("False");
				assertThat(condition.path("message").asString()).contains("VirtualService", this.namespace + "/webapp",
						Rival.NAME, ".spec.hosts");
				FaultRig.await("whoever follows the events is told", () -> events.count() > 0);
			}
			try (Bystander bystander = new Bystander(this.rig, this.journal, this.other)) {
				this.rig.declare(service("", ":1.31"));
				FaultRig.await("what is not fought over is pushed",
						() -> image("webapp-v1").endsWith(":1.31") && image("webapp-v2").endsWith(":1.31"));
				FaultRig.sleep(FIGHT);
				bystander.assertUnharmed();
			}
			rounds = insistence.rounds();
		}
		List<Exchange> writes = written("/virtualservices/webapp");
		assertThat(rounds).as("rounds of the other one").isGreaterThan((int) FIGHT.toSeconds() * 2);
		assertThat(writes).as("our answers").hasSizeGreaterThanOrEqualTo(4);
		List<Long> gaps = gaps(writes);
		for (int number = 0; number < gaps.size(); number++) {
			assertThat(gaps.get(number)).as("pause %s of %s, in seconds", number, gaps)
				.isGreaterThanOrEqualTo(Math.min(300, 2L << number) - 1);
		}
		assertThat(calls("/virtualservices/webapp")).as("calls for it, for %s writes", writes.size())
			.isLessThanOrEqualTo(8 * writes.size());
		new Oracle(this.rig, List.of(this.namespace, this.other)).check(this.journal);
	}

	private void declare() {
		this.rig.declare(ShopDeclaration.of(this.namespace, 90));
		this.journal.declare(this.rig.api(), this.other);
		new Oracle(this.rig, List.of(this.namespace, this.other)).converges();
		this.rig.proxy.forget();
	}

	/** The service with something more of v1, and other images. */
	private String service(String more, String tag) {
		return """
				kind: Service
				metadata: {namespace: %1$s, name: webapp}
				spec:
				  ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				  versions:
				    - name: v1
				      workload:
				        image: "nginxinc/nginx-unprivileged%3$s"
				        %2$s
				    - {name: v2, workload: {image: "nginxinc/nginx-unprivileged%3$s"}}
				""".formatted(this.namespace, more, tag);
	}

	private String image(String deployment) {
		return this.rig.kubernetes.apps()
			.deployments()
			.inNamespace(this.namespace)
			.withName(deployment)
			.get()
			.getSpec()
			.getTemplate()
			.getSpec()
			.getContainers()
			.getFirst()
			.getImage();
	}

	private List<Exchange> refused(String deployment) {
		return this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> isPatch(each.seen(), "/deployments/" + deployment) && each.status() == 409)
			.toList();
	}

	private List<Exchange> written(String object) {
		return this.rig.proxy.log().done().stream().filter((each) -> isPatch(each.seen(), object)).toList();
	}

	private long calls(String object) {
		return this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> each.seen().object().endsWith("/" + this.namespace + object))
			.count();
	}

	private boolean isPatch(Seen request, String object) {
		return request.method().equals("PATCH") && request.object().endsWith("/" + this.namespace + object);
	}

	/** Whole seconds from the end of each to the begin of the next. */
	private static List<Long> gaps(List<Exchange> exchanges) {
		List<Long> gaps = new ArrayList<>();
		for (int number = 1; number < exchanges.size(); number++) {
			gaps.add(Duration.ofNanos(exchanges.get(number).begun() - exchanges.get(number - 1).ended()).toSeconds());
		}
		return gaps;
	}

}
