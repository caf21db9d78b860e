package dev.meshwright.fault;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.meshwright.e2e.ApiClient;
import dev.meshwright.e2e.MeshwrightProcess;
import dev.meshwright.e2e.TrafficLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** A newer version beside an older one, on one database and a real API server. */
class UpgradeE2E {

	private static final int SERVICES = 6;

	private static final String NAMESPACE = "upgraded";

	private static final String OLDER = "replica-0";

	private static final String NEWER = "replica-1";

	@Test
	void itShowsWhatItWouldChangeWaitsForAWordAndThenNeverTakesTurns(@TempDir Path directory) throws Exception {
		Map<String, String> quick = Map.of("meshwright.reconcile.poll-interval", "500ms");
		try (FaultRig rig = FaultRig.start(directory, 1, quick)) {
			declare(rig, 1);
			Oracle oracle = new Oracle(rig, List.of(NAMESPACE));
			oracle.converges();

			MeshwrightProcess newer = rig.join(directory.resolve(NEWER), NewerApplication.class,
					Map.of("meshwright.upgrade.hold", "true"));
			FaultRig.await("a preview", () -> offered(newer).path("digest").isString());
			JsonNode offered = offered(newer);
			assertThat(offered.get("held").booleanValue()).isTrue();
			JsonNode preview = offered.get("preview");
			assertThat(preview.get("units").intValue()).isEqualTo(SERVICES + 1);
			assertThat(preview.get("changed").intValue()).isEqualTo(SERVICES);
			assertThat(preview.get("failing").intValue()).isZero();
			assertThat(preview.get("differences")).hasSize(SERVICES);
			JsonNode objects = preview.at("/differences/0/objects");
			assertThat(objects).as("the one differing manifest of each").hasSize(1);
			assertThat(objects.at("/0/kind").asString()).isEqualTo("Service");
			assertThat(objects.at("/0/changes/0").toString()).contains("meshwright.test~1next", "yes");

			declare(rig, 2);
			oracle.converges();
			assertThat(writes(rig, NEWER)).as("while it is held").isEmpty();
			assertThat(annotated(rig)).isZero();

			assertThat(release(newer, "0000").status()).isEqualTo(409);
			ApiClient.Answer released = release(newer, offered.get("digest").asString());
			assertThat(released.status()).as(released.text()).isEqualTo(202);
			assertThat(release(newer, offered.get("digest").asString()).status()).as("twice").isEqualTo(409);
			FaultRig.await("the newer version's objects", () -> annotated(rig) == SERVICES);
			for (int image = 3; image < 6; image++) {
				declare(rig, image);
			}
			FaultRig.await("what was declared last",
					() -> rig.kubernetes.apps()
						.deployments()
						.inNamespace(NAMESPACE)
						.list()
						.getItems()
						.stream()
						.allMatch((deployment) -> deployment.getSpec()
							.getTemplate()
							.getSpec()
							.getContainers()
							.getFirst()
							.getImage()
							.equals("example/app:5")));
			assertThat(annotated(rig)).isEqualTo(SERVICES);
			Map<String, String> last = new HashMap<>();
			for (TrafficLog.Exchange write : rig.proxy.log().done()) {
				if (isWrite(write)) {
					String before = last.put(write.seen().object(), write.seen().caller());
					assertThat(NEWER.equals(before) && OLDER.equals(write.seen().caller()))
						.as("the older version wrote %s after the newer one", write.seen().object())
						.isFalse();
				}
			}
			assertThat(last.values()).as("both took part").contains(NEWER);
			assertThat(writes(rig, OLDER)).isNotEmpty();
			assertThat(newer.client().get("/api/v1/audit-events?limit=50").text()).contains("compiler 2, preview");
		}
	}

	private static void declare(FaultRig rig, int image) {
		rig.declare(FleetDeclaration.of(NAMESPACE, SERVICES, "example/app:" + image));
	}

	private static JsonNode offered(MeshwrightProcess newer) {
		return newer.client().get("/api/v1/upgrades").body().at("/items/0");
	}

	private static ApiClient.Answer release(MeshwrightProcess newer, String digest) {
		return newer.client()
			.send("POST", "/api/v1/upgrades/2/release", "{\"digest\": \"" + digest + "\"}", "application/json");
	}

	private static long annotated(FaultRig rig) {
		return IntStream.range(0, SERVICES)
			.mapToObj((number) -> rig.kubernetes.services().inNamespace(NAMESPACE).withName("s" + number).get())
			.filter((service) -> service.getMetadata().getAnnotations().containsKey(NewerApplication.ANNOTATION))
			.count();
	}

	private static List<String> writes(FaultRig rig, String caller) {
		return rig.proxy.log()
			.done()
			.stream()
			.filter(UpgradeE2E::isWrite)
			.filter((each) -> each.seen().caller().equals(caller))
			.map((each) -> each.seen().object())
			.toList();
	}

	private static boolean isWrite(TrafficLog.Exchange each) {
		return each.seen().mutates() && each.succeeded() && each.seen().object().contains("/" + NAMESPACE);
	}

}
