package dev.meshwright.provider.kubernetes;

import java.util.List;
import java.util.stream.Stream;

import dev.meshwright.compile.ServiceModel;
import dev.meshwright.document.Json;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class KubernetesRendererTest {

	private static final String WEBAPP = """
			ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
			versions:
			  - {name: v1, workload: {image: "nginx:1.29", replicas: 3}}
			  - {name: v2, workload: {image: "nginx:1.30"}}
			""";

	static Stream<Arguments> namespaces() {
		return Stream.of(namespace("sidecar", Mesh.ISTIO, Injection.SIDECAR, null, null, "istio-injection: enabled"),
				namespace("sidecar of a revision", Mesh.ISTIO, Injection.SIDECAR, "1-29", null, "istio.io/rev: 1-29"),
				namespace("ambient", Mesh.ISTIO, Injection.AMBIENT, null, null, "istio.io/dataplane-mode: ambient"),
				namespace("ambient with waypoint", Mesh.ISTIO, Injection.AMBIENT, null, "waypoint",
						"istio.io/dataplane-mode: ambient\nistio.io/use-waypoint: waypoint"),
				namespace("not in the mesh", Mesh.ISTIO, Injection.NONE, null, null, ""),
				namespace("no mesh there", Mesh.NONE, Injection.SIDECAR, "1-29", null, ""));
	}

	private static Arguments namespace(String name, Mesh mesh, Injection injection, String revision, String waypoint,
			String labels) {
		return Arguments.argumentSet(name, mesh, injection, revision, waypoint,
				"app.kubernetes.io/managed-by: meshwright\n" + labels);
	}

	@ParameterizedTest
	@MethodSource("namespaces")
	void labelsTheNamespaceForItsMesh(Mesh mesh, Injection injection, String revision, String waypoint, String labels) {
		List<Manifest> manifests = new KubernetesRenderer()
			.renderNamespace(Models.on(mesh).namespace(injection, revision, waypoint));
		assertThat(manifests).singleElement().satisfies((manifest) -> {
			assertThat(manifest.ref()).hasToString("Namespace shop");
			assertThat(Rendered.json(manifest)).isEqualTo(Models.tree("""
					apiVersion: v1
					kind: Namespace
					metadata:
					  name: shop
					  labels:
					""" + labels.indent(4)));
		});
	}

	@Test
	void makesWorkloadsAndOneService() {
		Rendered rendered = Rendered.of(Models.on(Mesh.NONE).service(WEBAPP));
		assertThat(rendered.refs()).containsExactly("ServiceAccount shop/webapp", "Deployment.apps shop/webapp-v1",
				"Deployment.apps shop/webapp-v2", "Service shop/webapp");
		assertThat(rendered.at("ServiceAccount shop/webapp", "")).isEqualTo(Models.tree("""
				apiVersion: v1
				kind: ServiceAccount
				metadata:
				  name: webapp
				  namespace: shop
				  labels: {app.kubernetes.io/managed-by: meshwright, app.kubernetes.io/name: webapp}
				automountServiceAccountToken: false
				"""));
		assertThat(rendered.at("Deployment.apps shop/webapp-v1", "")).isEqualTo(Models.tree("""
				apiVersion: apps/v1
				kind: Deployment
				metadata:
				  name: webapp-v1
				  namespace: shop
				  labels:
				    app.kubernetes.io/managed-by: meshwright
				    app.kubernetes.io/name: webapp
				    meshwright.dev/version: v1
				spec:
				  replicas: 3
				  selector:
				    matchLabels: {app.kubernetes.io/name: webapp, meshwright.dev/version: v1}
				  template:
				    metadata:
				      labels:
				        app.kubernetes.io/name: webapp
				        meshwright.dev/version: v1
				        app: webapp
				        version: v1
				    spec:
				      serviceAccountName: webapp
				      automountServiceAccountToken: false
				      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
				      containers:
				        - name: webapp
				          image: "nginx:1.29"
				          ports: [{name: http, containerPort: 8080, protocol: TCP}]
				          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
				"""));
		assertThat(rendered.at("Deployment.apps shop/webapp-v2", "/spec/replicas").asInt()).isEqualTo(1);
		assertThat(rendered.at("Service shop/webapp", "/spec")).isEqualTo(Models.tree("""
				ports: [{name: http, port: 80, targetPort: 8080, protocol: TCP, appProtocol: http}]
				selector: {app.kubernetes.io/name: webapp}
				"""));
	}

	static Stream<Arguments> workloads() {
		return Stream.of(Arguments.argumentSet("command, environment and pull settings", """
				image: "redis:8"
				command: [redis-server]
				args: [--save, ""]
				imagePullPolicy: IfNotPresent
				imagePullSecrets: [registry]
				terminationGracePeriodSeconds: 5
				env:
				  - {name: A, value: "1"}
				  - {name: B, secretKeyRef: {name: s, key: k, optional: true}}
				  - {name: C, configMapKeyRef: {name: c, key: k}}
				  - {name: D, fieldRef: {fieldPath: status.podIP}}
				envFrom: [{prefix: P_, configMap: c}, {secret: s}]
				""", """
				serviceAccountName: webapp
				automountServiceAccountToken: false
				imagePullSecrets: [{name: registry}]
				terminationGracePeriodSeconds: 5
				securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
				containers:
				  - name: webapp
				    image: "redis:8"
				    imagePullPolicy: IfNotPresent
				    command: [redis-server]
				    args: [--save, ""]
				    ports: [{name: http, containerPort: 8080, protocol: TCP}]
				    env:
				      - {name: A, value: "1"}
				      - {name: B, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}
				      - {name: C, valueFrom: {configMapKeyRef: {name: c, key: k}}}
				      - {name: D, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
				    envFrom: [{prefix: P_, configMapRef: {name: c}}, {secretRef: {name: s}}]
				    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
				"""), Arguments.argumentSet("volumes, resources, probes and user", """
				image: "app:1"
				volumes:
				  - {name: tmp, mountPath: /tmp, emptyDir: {}}
				  - {name: cache, mountPath: /cache, emptyDir: {sizeLimit: 64Mi, medium: Memory}}
				  - {name: conf, mountPath: /etc/a, subPath: a, configMap: conf}
				  - {name: conf, mountPath: /etc/b, subPath: b, configMap: conf}
				  - {name: cert, mountPath: /cert, secret: cert}
				  - {name: data, mountPath: /data, persistentVolumeClaim: data}
				resources: {requests: {cpu: 100m}, limits: {memory: 64Mi}}
				probes:
				  startup: {exec: {command: [test, -f, /ok]}}
				  readiness:
				    httpGet: {path: /ready, port: http, scheme: HTTPS, headers: {Host: x}}
				    periodSeconds: 5
				    timeoutSeconds: 2
				    successThreshold: 1
				    failureThreshold: 3
				    initialDelaySeconds: 1
				  liveness: {tcpSocket: {port: 9090}}
				securityContext: {runAsUser: 1000, runAsGroup: 1001, fsGroup: 1002, readOnlyRootFilesystem: true}
				""", """
				serviceAccountName: webapp
				automountServiceAccountToken: false
				securityContext:
				  runAsNonRoot: true
				  runAsUser: 1000
				  runAsGroup: 1001
				  fsGroup: 1002
				  seccompProfile: {type: RuntimeDefault}
				containers:
				  - name: webapp
				    image: "app:1"
				    ports: [{name: http, containerPort: 8080, protocol: TCP}]
				    resources: {requests: {cpu: 100m}, limits: {memory: 64Mi}}
				    volumeMounts:
				      - {name: tmp, mountPath: /tmp}
				      - {name: cache, mountPath: /cache}
				      - {name: conf, mountPath: /etc/a, readOnly: true, subPath: a}
				      - {name: conf, mountPath: /etc/b, readOnly: true, subPath: b}
				      - {name: cert, mountPath: /cert, readOnly: true}
				      - {name: data, mountPath: /data}
				    startupProbe: {exec: {command: [test, -f, /ok]}}
				    readinessProbe:
				      httpGet: {path: /ready, port: 8080, scheme: HTTPS, httpHeaders: [{name: Host, value: x}]}
				      initialDelaySeconds: 1
				      periodSeconds: 5
				      timeoutSeconds: 2
				      successThreshold: 1
				      failureThreshold: 3
				    livenessProbe: {tcpSocket: {port: 9090}}
				    securityContext:
				      allowPrivilegeEscalation: false
				      capabilities: {drop: [ALL]}
				      readOnlyRootFilesystem: true
				volumes:
				  - {name: tmp, emptyDir: {}}
				  - {name: cache, emptyDir: {medium: Memory, sizeLimit: 64Mi}}
				  - {name: conf, configMap: {name: conf}}
				  - {name: cert, secret: {secretName: cert}}
				  - {name: data, persistentVolumeClaim: {claimName: data}}
				"""));
	}

	@ParameterizedTest
	@MethodSource("workloads")
	void rendersPods(String workload, String expected) {
		ServiceModel service = Models.on(Mesh.NONE).service("""
				ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
				versions:
				  - name: v1
				    workload:
				""" + workload.indent(6));
		assertThat(Rendered.of(service).at("Deployment.apps shop/webapp-v1", "/spec/template/spec"))
			.isEqualTo(Models.tree(expected));
	}

	@Test
	void leavesTheTokenToAnAccountThatIsNamed() {
		Rendered rendered = Rendered.of(Models.on(Mesh.NONE).service(WEBAPP + "serviceAccount: robot\n"));
		assertThat(rendered.refs()).doesNotContain("ServiceAccount shop/webapp", "ServiceAccount shop/robot");
		assertThat(rendered.at("Deployment.apps shop/webapp-v1", "/spec/template/spec/serviceAccountName").asString())
			.isEqualTo("robot");
		assertThat(rendered.at("Deployment.apps shop/webapp-v1", "/spec/template/spec/automountServiceAccountToken")
			.isMissingNode()).isTrue();
	}

	@Test
	void leavesReplicasToTheAutoscaler() {
		Rendered rendered = Rendered.of(Models.on(Mesh.NONE).service("""
				ports: [{name: http, port: 80, protocol: HTTP}]
				versions:
				  - {name: v1, workload: {image: "a:1", autoscaling: {maxReplicas: 5}}}
				  - name: v2
				    workload:
				      image: "a:2"
				      autoscaling: {minReplicas: 2, maxReplicas: 5, targetMemoryUtilizationPercentage: 70}
				"""));
		assertThat(rendered.at("Deployment.apps shop/webapp-v1", "/spec/replicas").isMissingNode()).isTrue();
		assertThat(rendered.at("HorizontalPodAutoscaler.autoscaling shop/webapp-v1", "/spec")).isEqualTo(Models.tree("""
				scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: webapp-v1}
				minReplicas: 1
				maxReplicas: 5
				metrics:
				  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}
				"""));
		assertThat(rendered.at("HorizontalPodAutoscaler.autoscaling shop/webapp-v2", "/spec/metrics")).isEqualTo(Models
			.tree("[{type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 70}}}]"));
	}

	@Test
	void protectsEachVersionByABudget() {
		Rendered rendered = Rendered.of(Models.on(Mesh.NONE).service("""
				ports: [{name: http, port: 80, protocol: HTTP}]
				versions:
				  - {name: v1, workload: {image: "a:1"}}
				  - {name: v2, selector: {app: old}}
				disruptionBudget: {minAvailable: 50%}
				"""));
		assertThat(rendered.at("PodDisruptionBudget.policy shop/webapp-v1", "/spec")).isEqualTo(Models.tree("""
				minAvailable: 50%
				selector: {matchLabels: {app.kubernetes.io/name: webapp, meshwright.dev/version: v1}}
				"""));
		assertThat(rendered.at("PodDisruptionBudget.policy shop/webapp-v2", "/spec/selector/matchLabels"))
			.isEqualTo(Models.tree("app: old"));
	}

	static Stream<Arguments> selectors() {
		return Stream.of(
				Arguments.argumentSet("managed", "[{name: v1, workload: {image: a}}]",
						"app.kubernetes.io/name: webapp"),
				Arguments.argumentSet("elsewhere", "[{name: v1, selector: {app: a, v: '1'}}]", "{app: a, v: '1'}"),
				Arguments.argumentSet("what selectors share",
						"[{name: v1, selector: {app: a, v: '1'}}, {name: v2, selector: {app: a, v: '2'}}]", "app: a"),
				Arguments.argumentSet("managed beside elsewhere",
						"[{name: v1, workload: {image: a}}, {name: v2, selector: {app.kubernetes.io/name: webapp, x: y}}]",
						"app.kubernetes.io/name: webapp"));
	}

	@ParameterizedTest
	@MethodSource("selectors")
	void selectsThePodsOfAllVersions(String versions, String selector) {
		ServiceModel service = Models.on(Mesh.NONE)
			.service("ports: [{name: http, port: 80, protocol: HTTP}]\nversions: " + versions);
		assertThat(Rendered.of(service).at("Service shop/webapp", "/spec/selector")).isEqualTo(Models.tree(selector));
	}

	@Test
	void keepsPortNamesApart() {
		Rendered rendered = Rendered.of(Models.on(Mesh.NONE).service("""
				ports:
				  - {name: dns-tcp, port: 53, protocol: TCP}
				  - {name: dns, port: 53, protocol: UDP}
				  - {name: http, port: 80, targetPort: 8080, protocol: HTTP}
				  - {name: also-http-on-eighty-eighty, port: 81, targetPort: 8080, protocol: HTTP2}
				  - {name: a-name-longer-than-fifteen, port: 82, protocol: GRPC}
				versions: [{name: v1, workload: {image: a}}]
				"""));
		assertThat(rendered.at("Deployment.apps shop/webapp-v1", "/spec/template/spec/containers/0/ports"))
			.isEqualTo(Models.tree("""
					- {name: dns-tcp, containerPort: 53, protocol: TCP}
					- {name: dns, containerPort: 53, protocol: UDP}
					- {name: http, containerPort: 8080, protocol: TCP}
					- {containerPort: 82, protocol: TCP}
					"""));
		assertThat(rendered.at("Service shop/webapp", "/spec/ports/1"))
			.isEqualTo(Models.tree("{name: dns, port: 53, targetPort: 53, protocol: UDP, appProtocol: udp}"));
		assertThat(rendered.at("Service shop/webapp", "/spec/ports/4")).isEqualTo(Models
			.tree("{name: a-name-longer-than-fifteen, port: 82, targetPort: 82, protocol: TCP, appProtocol: grpc}"));
	}

	@Test
	void keepsANamedTargetPortForPodsOfOthers() {
		Rendered rendered = Rendered.of(Models.on(Mesh.NONE).service("""
				ports: [{name: http, port: 80, targetPort: web, protocol: HTTP}]
				versions: [{name: v1, selector: {app: a}}]
				"""));
		assertThat(rendered.at("Service shop/webapp", "/spec/ports/0/targetPort").asString()).isEqualTo("web");
	}

	@Test
	void showsTheServiceOnlyToWhomItIsVisible() {
		Rendered rendered = Rendered.of(Models.on(Mesh.ISTIO).visibleTo("istio-ingress", "cart").service(WEBAPP));
		assertThat(rendered.at("Service shop/webapp", "/metadata/annotations"))
			.isEqualTo(Models.tree("networking.istio.io/exportTo: .,cart,istio-ingress"));
		assertThat(Rendered.of(Models.on(Mesh.NONE).service(WEBAPP))
			.at("Service shop/webapp", "/metadata/annotations")
			.isMissingNode()).isTrue();
	}

	@Test
	void hasNothingForAnExternalService() {
		assertThat(Rendered.of(Models.on(Mesh.ISTIO).service("""
				ports: [{name: https, port: 443, protocol: TLS}]
				external: {hosts: [api.example.org]}
				""")).manifests()).isEmpty();
	}

	@Test
	void movesTheServiceInPhaseSwitchAndWorkloadsBefore() {
		Rendered rendered = Rendered.of(Models.on(Mesh.NONE).service(WEBAPP));
		assertThat(rendered.manifest("Service shop/webapp").phase()).isEqualTo(Manifest.Phase.SWITCH);
		assertThat(rendered.manifest("Service shop/webapp").awaits()).map(Object::toString)
			.containsExactly("Deployment.apps shop/webapp-v1");
		assertThat(rendered.manifests()).filteredOn((manifest) -> manifest.ref().kind() != ObjectKind.SERVICE)
			.allMatch((manifest) -> manifest.phase() == Manifest.Phase.MAKE);
	}

	@Test
	void givesEqualBytesForEqualModels() {
		String first = Json.mapper().writeValueAsString(bodies());
		assertThat(Json.mapper().writeValueAsString(bodies())).isEqualTo(first);
	}

	private static List<Object> bodies() {
		return Rendered.of(Models.on(Mesh.ISTIO).visibleTo("a", "b", "c").service(WEBAPP))
			.manifests()
			.stream()
			.<Object>map(Manifest::body)
			.toList();
	}

}
