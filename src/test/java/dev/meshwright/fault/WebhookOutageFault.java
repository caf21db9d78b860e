package dev.meshwright.fault;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.e2e.AdmissionWebhook;
import dev.meshwright.e2e.ShopDeclaration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A webhook that the API server cannot do without, for one namespace, and that answers
 * late or not at all. Nobody else notices.
 */
class WebhookOutageFault {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fault.seconds", 60));

	/** As long as the API server waits for a webhook that does not say otherwise. */
	private static final Duration LATE = Duration.ofSeconds(10);

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of());

	private final FaultRig rig = SHARED.get();

	private final String namespace = "webhook-" + COUNT.incrementAndGet();

	private final String other = this.namespace + "-other";

	private final Journal journal = new Journal();

	@BeforeEach
	void declare() {
		this.journal.declare(this.rig.api(), this.namespace);
		this.journal.declare(this.rig.api(), this.other);
		new Oracle(this.rig, this.journal.namespaces()).converges();
		this.rig.proxy.forget();
	}

	@Test
	void aWebhookThatIsAwayIsNamedUntilItIsNotAskedAnyMore() {
		try (Bystander bystander = new Bystander(this.rig, this.journal, this.other)) {
			try (AdmissionWebhook webhook = new AdmissionWebhook(this.rig.kubernetes, this.namespace)) {
				webhook.allow();
				webhook.unplug();
				assertThat(refusal()).contains("failed calling webhook");
				long calls = concerned();
				FaultRig.sleep(TIME);
				bystander.assertUnharmed();
				assertThat(concerned() - calls).as("calls that could not succeed").isLessThan(TIME.toSeconds());
			}
		}
		new Oracle(this.rig, this.journal.namespaces()).check(this.journal);
	}

	@Test
	void aWebhookThatAnswersTooLateHoldsUpNobodyElse() {
		try (Bystander bystander = new Bystander(this.rig, this.journal, this.other)) {
			try (AdmissionWebhook webhook = new AdmissionWebhook(this.rig.kubernetes, this.namespace)) {
				webhook.allow();
				webhook.delay(LATE.plusSeconds(5));
				assertThat(refusal()).containsAnyOf("no answer within", "context deadline exceeded");
				FaultRig.sleep(TIME.dividedBy(2));
				bystander.assertUnharmed();
				webhook.delay(Duration.ZERO);
				new Oracle(this.rig, List.of(this.namespace)).converges();
			}
		}
		new Oracle(this.rig, this.journal.namespaces()).check(this.journal);
	}

	/**
	 * Writes until the API server, which takes a moment to heed a new webhook, does not
	 * take it.
	 * @return what is said of the push
	 */
	private String refusal() {
		StringBuilder said = new StringBuilder();
		FaultRig.await("a push fails", () -> {
			if (this.journal.write(this.rig.api(), this.namespace) != 200) {
				return false;
			}
			for (JsonNode condition : this.rig.api()
				.get(ShopDeclaration.service(this.namespace))
				.body()
				.at("/status/conditions")) {
				if (condition.path("type").asString().equals("Programmed")
						&& condition.path("message").asString().contains("VirtualService")) {
					said.append(condition.path("message").asString());
				}
			}
			return !said.isEmpty();
		});
		return said.toString();
	}

	private long concerned() {
		return this.rig.proxy.log()
			.exchanges()
			.stream()
			.filter((each) -> each.seen().mutates() && each.seen().path().contains("/" + this.namespace + "/"))
			.count();
	}

}
