package dev.meshwright.cluster;

import java.util.Map;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Every call is counted once, under what it was and how it ended. */
class MeteredGatewayTest {

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final SandboxGateway sandbox = SandboxGateway.inMemory();

	private final MeteredGateway gateway = new MeteredGateway(this.sandbox, "east", this.meters,
			ObservationRegistry.NOOP);

	@Test
	void callsAreCountedByVerbKindAndOutcome() {
		ObjectRef ref = new ObjectRef(ObjectKind.SERVICE, "shop", "webapp");
		assertThat(this.gateway.get(ref)).isEmpty();
		assertThat(this.gateway.get(ref)).isEmpty();
		assertThat(this.gateway.facts()).isEqualTo(this.sandbox.facts());
		assertThat(count("get", "Service", "ok")).isEqualTo(2);
		assertThat(count("facts", "none", "ok")).isOne();
	}

	@Test
	void aFailureIsCountedUnderItsNameAndPassedOn() {
		ObjectRef ref = new ObjectRef(ObjectKind.DEPLOYMENT, "nowhere", "webapp");
		Apply apply = Apply.create(ref, TestObjects.body(ref, Map.of(), TestObjects.deployment(1)));
		assertThatExceptionOfType(ClusterFailure.class).isThrownBy(() -> this.gateway.apply(apply))
			.satisfies(
					(failure) -> assertThat(count("apply", "Deployment", failure.getClass().getSimpleName())).isOne());
	}

	private long count(String verb, String kind, String outcome) {
		return this.meters.get("meshwright.cluster.calls")
			.tags("cluster", "east", "verb", verb, "kind", kind, "outcome", outcome)
			.timer()
			.count();
	}

}
