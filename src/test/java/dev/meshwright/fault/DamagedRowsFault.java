package dev.meshwright.fault;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.meshwright.e2e.ApiClient;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows that somebody has put in by SQL, or that were half restored. */
class DamagedRowsFault {

	@RegisterExtension
	static final SharedRig SHARED = SharedRig.of(1, Map.of("meshwright.reconcile.resync-interval", "3s"));

	private final FaultRig rig = SHARED.get();

	/** One row says nothing that can be read; the others are none the worse for it. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			shape   | spec = '{"ports": 7}'
			list    | spec = '[]'
			unknown | spec = jsonb_set(spec, '{newer}', '{"field": true}')
			deep    | spec = jsonb_set(spec, '{versions}', concat(repeat('[', 900), repeat(']', 900))::jsonb)
			labels  | labels = '[1]'
			""")
	void aRowThatCannotBeReadConcernsNobodyElse(String name, String damage) {
		String namespace = "damaged-" + name;
		this.rig.declare(FleetDeclaration.of(namespace, 6, "example/app:1"));
		new Oracle(this.rig, List.of(namespace)).converges();
		Map<String, String> before = this.rig.live(namespace).resourceVersions();
		this.rig.proxy.forget();
		int damaged = this.rig.database
			.sql("update resource set " + damage + " where kind = 'Service' and namespace = :namespace and name = 's3'")
			.param("namespace", namespace)
			.update();
		assertThat(damaged).isEqualTo(1);
		for (int number : new int[] { 0, 1, 2, 4, 5 }) {
			ApiClient.Answer answer = this.rig.api()
				.changeSet(FleetDeclaration.service(namespace, number, "example/app:2"));
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		}
		for (int number : new int[] { 0, 1, 2, 4, 5 }) {
			this.rig.api().awaitCondition(FleetDeclaration.path(namespace, number), "Programmed", "True");
		}
		FaultRig.sleep(Duration.ofSeconds(8));
		assertThat(this.rig.proxy.mutations()).as("nothing is taken away")
			.noneMatch((seen) -> seen.method().equals("DELETE"));
		before.forEach((object, version) -> {
			if (object.contains("/s3")) {
				assertThat(this.rig.live(namespace).resourceVersions()).as("the last good state")
					.containsEntry(object, version);
			}
		});
		ApiClient.Answer list = this.rig.api().get("/api/v1/namespaces/" + namespace + "/services?limit=500");
		assertThat(list.status()).as(list.text()).isEqualTo(200);
		assertThat(names(list.body())).as("the others are listed").contains("s0", "s1", "s2", "s4", "s5");
		assertThat(this.rig.replicas.getFirst().alive()).isTrue();
		this.rig.declare(FleetDeclaration.service(namespace, 3, "example/app:3"));
		new Oracle(this.rig, List.of(namespace)).check();
	}

	private static List<String> names(JsonNode list) {
		return list.path("items").valueStream().map((item) -> item.at("/metadata/name").asString()).toList();
	}

}
