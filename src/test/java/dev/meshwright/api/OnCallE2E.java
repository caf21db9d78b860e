package dev.meshwright.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;

import static org.assertj.core.api.Assertions.assertThat;

/** What docs/on-call.md tells whoever is on call to look at is there. */
class OnCallE2E extends ServedApi {

	private static final Pattern METRIC = Pattern.compile("`(meshwright_[a-z_]+)");

	private static final Pattern SUFFIX = Pattern.compile("_(count|sum|max|total)$");

	private static final String SERVICE = """
			spec:
			  ports: [{name: http, port: 80, protocol: HTTP}]
			  versions: [{name: v1, workload: {image: "example/app:1"}}]
			""";

	@Autowired
	private MeterRegistry meters;

	@Autowired
	private HealthEndpointGroups groups;

	@Test
	void everyMetricIsOnThePageAndEveryOneOnThePageIsThere() throws IOException, InterruptedException {
		String cluster = cluster("sandbox: {}");
		place(cluster);
		Set<String> documented = new TreeSet<>();
		Matcher matcher = METRIC.matcher(Files.readString(Path.of("docs/on-call.md")));
		while (matcher.find()) {
			documented.add(SUFFIX.matcher(matcher.group(1)).replaceFirst(""));
		}
		Instant end = Instant.now().plus(Duration.ofSeconds(120));
		while (!(registered().equals(documented) && hasApplied(cluster)) && Instant.now().isBefore(end)) {
			Thread.sleep(100);
		}
		assertThat(registered()).isEqualTo(documented).hasSizeGreaterThan(8);
		assertThat(hasApplied(cluster)).isTrue();
	}

	@Test
	void aClusterSaysWhatIsStuckAndWhy() throws InterruptedException {
		String dead = cluster("kubeconfig: {name: nowhere}");
		String namespace = place(dead);
		JsonNode work = work(dead);
		Instant end = Instant.now().plus(Duration.ofSeconds(120));
		while (work.get("retrying").longValue() < 2 && Instant.now().isBefore(end)) {
			Thread.sleep(100);
			work = work(dead);
		}
		assertThat(work.get("retrying").longValue()).as(work.toString()).isEqualTo(2);
		JsonNode reason = work.at("/reasons/0");
		assertThat(reason.get("units").longValue()).isEqualTo(2);
		assertThat(reason.get("reason").asString()).isNotEqualTo("NotReported");
		assertThat(reason.get("unit").asString()).startsWith(namespace);
		assertThat(reason.get("message").asString()).contains("nowhere");
		assertThat(work(cluster("sandbox: {}")).get("reasons")).isEmpty();
	}

	@Test
	void clustersMakeNobodyUnreadyAndTheDatabaseMakesNobodyDead() {
		assertThat(this.groups.get("readiness").isMember("db")).isTrue();
		assertThat(this.groups.get("readiness").isMember("reconcile")).isFalse();
		assertThat(this.groups.get("liveness").isMember("reconcile")).isTrue();
		assertThat(this.groups.get("liveness").isMember("jobs")).isTrue();
		assertThat(this.groups.get("liveness").isMember("db")).isFalse();
		assertThat(get("/readyz").status()).isEqualTo(200);
		assertThat(get("/livez").status()).isEqualTo(200);
	}

	private boolean hasApplied(String cluster) {
		Timer applies = this.meters.find("meshwright.cluster.calls")
			.tags("cluster", cluster, "verb", "apply", "kind", "Deployment", "outcome", "ok")
			.timer();
		Timer units = this.meters.find("meshwright.reconcile.duration").tags("cluster", cluster).timer();
		return applies != null && applies.count() > 0 && units != null;
	}

	private Set<String> registered() {
		return this.meters.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().startsWith("meshwright."))
			.map((id) -> new PrometheusNamingConvention().name(id.getName(), id.getType(), id.getBaseUnit()))
			.map((name) -> SUFFIX.matcher(name).replaceFirst(""))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private JsonNode work(String cluster) {
		return get("/api/v1/clusters/" + cluster).json().at("/status/work");
	}

	private String cluster(String connection) {
		String cluster = fresh("oncall");
		assertThat(
				put("/api/v1/clusters/" + cluster,
						"spec: {connection: {" + connection + "}, mesh: istio, "
								+ "meshVersion: '1.29', settle: {beforeSwitch: 0s, beforeBreak: 0s}}")
					.status())
			.isEqualTo(201);
		return cluster;
	}

	private String place(String cluster) {
		String namespace = fresh("oncall");
		put("/api/v1/namespaces/" + namespace, "spec: {placement: {clusters: [" + cluster + "]}}");
		Answered service = put("/api/v1/namespaces/" + namespace + "/services/web", SERVICE);
		assertThat(service.status()).as(service.text()).isEqualTo(201);
		return namespace;
	}

}
