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

	private static final String NEWER_TOO = "replica-2";

	/** Somebody whose role allows nothing. */
	private static final String NOBODYS_TOKEN = "mw_somebody-without-rights-0123456789abcdef";

	@Test
	void itShowsWhatItWouldChangeWaitsForAWordAndThenNeverTakesTurns(@TempDir Path directory) throws Exception {
		Map<String, String> quick = Map.of("meshwright.reconcile.poll-interval", "500ms");
		try (FaultRig rig = FaultRig.start(directory, 1, quick)) {
			declare(rig, 1);
			Oracle oracle = new Oracle(rig, List.of(NAMESPACE));
			oracle.converges();

			MeshwrightProcess newer = rig.join(directory.resolve(NEWER), NewerApplication.class,
					Map.of("meshwright.upgrade.hold", "true"));
			MeshwrightProcess newerToo = rig.join(directory.resolve(NEWER_TOO), NewerApplication.class,
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
			assertThat(offered(newerToo).path("digest")).as("all see the same").isEqualTo(offered.get("digest"));
			assertThat(held(newer)).as("what the metric says").isOne();
			assertThat(held(newerToo)).isOne();
			assertThat(writes(rig, NEWER)).as("while it is held").isEmpty();
			assertThat(writes(rig, NEWER_TOO)).isEmpty();
			assertThat(annotated(rig)).isZero();

			refusesWhoIsNoAdministrator(rig, newer, offered.get("digest").asString());
			refusesVersionsThatNobodyHolds(newer, offered.get("digest").asString());
			assertThat(release(newer, "0000").status()).isEqualTo(409);
			assertThat(held(newer)).as("nothing of that released it").isOne();
			ApiClient.Answer released = release(newer, offered.get("digest").asString());
			assertThat(released.status()).as(released.text()).isEqualTo(202);
			assertThat(release(newerToo, offered.get("digest").asString()).status()).as("twice").isEqualTo(409);
			FaultRig.await("one word is for all of them", () -> held(newer) == 0 && held(newerToo) == 0);
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
					assertThat(!OLDER.equals(before) && before != null && OLDER.equals(write.seen().caller()))
						.as("the older version wrote %s after the newer one", write.seen().object())
						.isFalse();
				}
			}
			assertThat(last.values()).as("the newer version took part").containsAnyOf(NEWER, NEWER_TOO);
			assertThat(writes(rig, OLDER)).isNotEmpty();
			assertThat(newer.client().get("/api/v1/audit-events?limit=50").text()).contains("compiler 2, preview");
		}
	}

	private static void refusesWhoIsNoAdministrator(FaultRig rig, MeshwrightProcess newer, String digest)
			throws Exception {
		rig.database
			.sql("insert into token (sha256, owner, role) values (sha256(convert_to(:token, 'UTF8')), 'eve', 'guest')")
			.param("token", NOBODYS_TOKEN)
			.update();
		ApiClient eve = newer.client(NOBODYS_TOKEN);
		ApiClient.Answer list = eve.get("/api/v1/upgrades");
		assertThat(list.status()).as(list.text()).isEqualTo(403);
		assertThat(list.text()).doesNotContain(digest, NAMESPACE);
		ApiClient.Answer release = release(eve, 2, digest);
		assertThat(release.status()).as(release.text()).isEqualTo(403);
		assertThat(newer.client("mw_unknown-0123456789abcdef0123456789abcdef").get("/api/v1/upgrades").status())
			.isEqualTo(401);
		assertThat(newer.client().get("/api/v1/audit-events?limit=50").text()).as("refusals are on record")
			.contains("\"actor\":\"eve\"");
	}

	private static void refusesVersionsThatNobodyHolds(MeshwrightProcess newer, String digest) {
		ApiClient.Answer unknown = release(newer.client(), 99, digest);
		assertThat(unknown.status()).isEqualTo(404);
		assertThat(unknown.text()).contains("NOT_FOUND", "version 99");
		ApiClient.Answer leading = release(newer.client(), 1, digest);
		assertThat(leading.status()).isEqualTo(409);
		assertThat(leading.text()).contains("NOT_HELD");
		assertThat(newer.client().send("POST", "/api/v1/upgrades/2/release", "{}", "application/json").status())
			.isEqualTo(400);
	}

	/** What a process says of itself: 1 while it is held. */
	private static int held(MeshwrightProcess process) {
		return process.client()
			.get("/actuator/prometheus")
			.text()
			.lines()
			.filter((line) -> line.startsWith("meshwright_upgrade_held"))
			.mapToInt((line) -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
			.sum();
	}

	private static void declare(FaultRig rig, int image) {
		rig.declare(FleetDeclaration.of(NAMESPACE, SERVICES, "example/app:" + image));
	}

	private static JsonNode offered(MeshwrightProcess newer) {
		return newer.client().get("/api/v1/upgrades").body().at("/items/0");
	}

	private static ApiClient.Answer release(MeshwrightProcess newer, String digest) {
		return release(newer.client(), 2, digest);
	}

	private static ApiClient.Answer release(ApiClient caller, int version, String digest) {
		return caller.send("POST", "/api/v1/upgrades/" + version + "/release", "{\"digest\": \"" + digest + "\"}",
				"application/json");
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
