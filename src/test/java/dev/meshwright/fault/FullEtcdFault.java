package dev.meshwright.fault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.RealApiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** An etcd that has used up its quota: it answers reads and deletes, and no writes. */
class FullEtcdFault {

	private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("fault.seconds", 60));

	private final String namespace = "full";

	private final Journal journal = new Journal();

	@Test
	void isSaidAsItIsAndSatOut(@TempDir Path directory) throws Exception {
		try (RealApiServer server = RealApiServer.another();
				ApiServerProcess process = ApiServerProcess.behind(server);
				FaultRig rig = start(directory, server)) {
			int objects = rig.live(this.namespace).resourceVersions().size();
			rig.proxy.forget();
			try (Writers writers = new Writers(this.journal, rig::api, List.of(this.namespace))) {
				long before = this.journal.acknowledged();
				FaultRig.await("writes are answered", () -> this.journal.acknowledged() > before + 5);
				process.full(true);
				FaultRig.await("it is said", () -> said(rig).contains("database space exceeded"));
				long full = this.journal.acknowledged();
				FaultRig.await("writes are answered all the same", () -> this.journal.acknowledged() > full + 5);
				long calls = rig.proxy.log().exchanges().size();
				FaultRig.sleep(TIME);
				assertThat(rig.proxy.log().exchanges().size() - calls).as("calls while nothing could be written")
					.isLessThan(10 * TIME.toSeconds());
				assertThat(rig.live(this.namespace).resourceVersions()).as("what is live").hasSize(objects);
				process.full(false);
			}
			new Oracle(rig, List.of(this.namespace)).check(this.journal);
		}
	}

	private FaultRig start(Path directory, RealApiServer server) throws Exception {
		server.installCrds();
		FaultRig rig = FaultRig.start(directory, server, 1, Map.of());
		this.journal.declare(rig.api(), this.namespace);
		new Oracle(rig, List.of(this.namespace)).check(this.journal);
		return rig;
	}

	/** What is said of the push, unless it is said to be done. */
	private String said(FaultRig rig) {
		for (JsonNode condition : rig.api()
			.get("/api/v1/namespaces/" + this.namespace + "/services/webapp")
			.body()
			.at("/status/conditions")) {
			if (condition.path("type").asString().equals("Programmed")
					&& !condition.path("status").asString().equals("True")) {
				return condition.path("message").asString();
			}
		}
		return "";
	}

}
