package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.meshwright.cluster.RealApiServer;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.document.Json;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is rendered is what a real API server takes and keeps, field by field. */
class KubernetesRendererIT {

	private static final String FULL = """
			ports:
			  - {name: http, port: 80, targetPort: 8080, protocol: HTTP}
			  - {name: a-name-longer-than-fifteen, port: 81, targetPort: 8080, protocol: GRPC}
			  - {name: dns, port: 53, targetPort: 5353, protocol: UDP}
			  - {name: dns-tcp, port: 53, targetPort: 5353, protocol: TCP}
			versions:
			  - name: v1
			    workload:
			      image: "nginx:1.29"
			      command: [nginx]
			      args: [-g, "daemon off;"]
			      env:
			        - {name: A, value: "1"}
			        - {name: EMPTY, value: ""}
			        - {name: B, secretKeyRef: {name: s, key: k, optional: true}}
			        - {name: D, fieldRef: {fieldPath: status.podIP}}
			      envFrom: [{prefix: P_, configMap: c}, {secret: s}]
			      volumes:
			        - {name: tmp, mountPath: /tmp, emptyDir: {}}
			        - {name: cache, mountPath: /cache, emptyDir: {sizeLimit: 64Mi, medium: Memory}}
			        - {name: conf, mountPath: /etc/a, subPath: a, configMap: conf}
			        - {name: conf, mountPath: /etc/b, subPath: b, configMap: conf}
			        - {name: cert, mountPath: /cert, secret: cert}
			        - {name: data, mountPath: /data, persistentVolumeClaim: data}
			      resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {memory: 64Mi}}
			      probes:
			        startup: {tcpSocket: {port: http}}
			        readiness: {httpGet: {path: /ready, port: http, headers: {X-Probe: "1"}}, periodSeconds: 5}
			        liveness: {grpc: {port: 8080, service: ""}}
			      securityContext: {runAsUser: 101, runAsGroup: 101, fsGroup: 101, readOnlyRootFilesystem: true}
			      imagePullPolicy: IfNotPresent
			      imagePullSecrets: [registry]
			      terminationGracePeriodSeconds: 5
			  - name: v2
			    workload:
			      image: "nginx:1.30"
			      autoscaling: {minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 60}
			disruptionBudget: {maxUnavailable: 25%}
			""";

	private static final String SECURE = FULL + """
			exposure:
			  hosts: [shop.example.com, "*.shop.example.com"]
			  gateway: public
			  tls: {credentialName: shop-cert}
			""";

	private final RealApiServer server = RealApiServer.get();

	private final KubernetesClient client = this.server.client();

	private final String namespace = this.server.freshName();

	@Test
	void keepsEveryFieldOfWorkloads() {
		applyAndCompare(Models.in(this.namespace).service(FULL));
	}

	@Test
	void keepsEveryFieldOfGatewayApi() {
		applyAndCompare(Models.in(this.namespace)
			.gateway("api: gatewayApi\ngatewayClass: edge")
			.service(SECURE, ExposureTest.RULES));
	}

	@Test
	void keepsEveryFieldOfIngress() {
		applyAndCompare(Models.in(this.namespace).gateway("api: ingress\ngatewayClass: edge").service(SECURE, """
				service: webapp
				rules:
				  - {match: [{path: {exact: /v2}}], split: [{version: v2}]}
				  - {}
				"""));
	}

	@Test
	void runsPodsUnderTheRestrictedStandard() {
		this.client
			.resource(new NamespaceBuilder().withNewMetadata()
				.withName(this.namespace)
				.addToLabels("pod-security.kubernetes.io/enforce", "restricted")
				.endMetadata()
				.build())
			.create();
		ServiceModel service = Models.in(this.namespace).service(FULL);
		List<Manifest> manifests = new KubernetesRenderer().renderService(service);
		manifests.stream()
			.filter((manifest) -> manifest.ref().kind() == ObjectKind.SERVICE_ACCOUNT)
			.forEach(this::apply);
		List<Manifest> deployments = manifests.stream()
			.filter((manifest) -> manifest.ref().kind() == ObjectKind.DEPLOYMENT)
			.toList();
		assertThat(deployments).hasSize(2).allSatisfy((deployment) -> {
			Pod pod = pod(deployment, Map.of());
			assertThat(this.client.resource(pod).dryRun().create().getSpec().getContainers()).hasSize(1);
		});
		Pod privileged = pod(deployments.getFirst(), Map.of("hostNetwork", true));
		assertThatThrownBy(() -> this.client.resource(privileged).dryRun().create())
			.isInstanceOf(KubernetesClientException.class)
			.hasMessageContaining("violates PodSecurity");
	}

	private Pod pod(Manifest deployment, Map<String, Object> more) {
		JsonNode template = Rendered.json(deployment).at("/spec/template");
		tools.jackson.databind.node.ObjectNode pod = template.deepCopy().asObject();
		pod.put("apiVersion", "v1").put("kind", "Pod");
		pod.withObject("/metadata").put("namespace", this.namespace).put("name", deployment.ref().name());
		more.forEach((name, value) -> pod.withObject("/spec").putPOJO(name, value));
		return (Pod) this.client.resource(Json.mapper().writeValueAsString(pod)).item();
	}

	private void applyAndCompare(ServiceModel service) {
		KubernetesRenderer renderer = new KubernetesRenderer();
		assertThat(renderer.check(service)).noneMatch((it) -> it.severity().name().equals("ERROR"));
		List<Manifest> manifests = new ArrayList<>(
				renderer.renderNamespace(Models.in(this.namespace).namespace(Injection.NONE, null, null)));
		manifests.addAll(renderer.renderService(service));
		for (Manifest manifest : manifests) {
			JsonNode live = apply(manifest);
			assertThat(missing(Rendered.json(manifest), live, "")).as(manifest.ref().toString()).isEmpty();
		}
	}

	private JsonNode apply(Manifest manifest) {
		PatchContext context = new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
			.withFieldManager("meshwright")
			.withFieldValidation("Strict")
			.build();
		Object live = this.client
			.genericKubernetesResources(manifest.ref().kind().apiVersion(), manifest.ref().kind().kind())
			.resource(this.client.getKubernetesSerialization()
				.unmarshal(Json.mapper().writeValueAsString(manifest.body()),
						io.fabric8.kubernetes.api.model.GenericKubernetesResource.class))
			.patch(context);
		return Json.mapper().readTree(this.client.getKubernetesSerialization().asJson(live));
	}

	/** The pointers at which the live object does not say what was applied. */
	private static List<String> missing(JsonNode applied, JsonNode live, String pointer) {
		List<String> missing = new ArrayList<>();
		if (applied.isObject()) {
			applied.properties()
				.forEach((field) -> missing
					.addAll(missing(field.getValue(), live.path(field.getKey()), pointer + "/" + field.getKey())));
		}
		else if (applied.isArray() && applied.size() == live.size()) {
			for (int index = 0; index < applied.size(); index++) {
				missing.addAll(missing(applied.get(index), live.get(index), pointer + "/" + index));
			}
		}
		else if (!applied.equals(live)) {
			missing.add(pointer + ": " + applied + " is " + live);
		}
		return missing;
	}

}
