package dev.meshwright.provider.istio;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.compile.ClusterModel;
import dev.meshwright.compile.NamespaceModel;
import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.document.Documents;
import dev.meshwright.document.Json;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import dev.meshwright.model.cluster.ClusterSpec.PathNormalization;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.LoadBalancing;
import dev.meshwright.model.service.ServiceSpec;

/** A resolved service {@code shop/webapp} for the tests, changed step by step. */
final class Given {

	static final String HOST = "webapp.shop.svc.cluster.local";

	private static final ServiceRef REF = new ServiceRef("shop", "webapp");

	private static final ServiceSpec.Port PORT = new ServiceSpec.Port("http", 80, null, ServiceSpec.Protocol.HTTP);

	private final List<RouteModel.Http> http = new ArrayList<>();

	private final List<RouteModel.Tls> tls = new ArrayList<>();

	private Optional<String> meshVersion = Optional.empty();

	private Optional<ServiceModel.Exposure> exposure = Optional.empty();

	private Optional<ServiceSpec.External> external = Optional.empty();

	private Optional<LoadBalancing> loadBalancing = Optional.empty();

	private Set<String> visibleTo = Set.of("shop");

	private List<String> versions = List.of("v1", "v2");

	static <T> T yaml(String text, Class<T> type) {
		return Json.mapper().treeToValue(Documents.yaml(text.getBytes(StandardCharsets.UTF_8)).getFirst(), type);
	}

	/** A rule for both sides; its split is the versions named in it, else the service. */
	Given rule(String name, String yaml) {
		return rule(name, yaml, true, true);
	}

	Given rule(String name, String yaml, boolean mesh, boolean gateway) {
		HttpRule rule = yaml(yaml, HttpRule.class);
		List<RouteModel.Match> matches = (rule.match() == null) ? List.of()
				: rule.match().stream().map(Given::match).toList();
		boolean answers = rule.redirect() != null || rule.directResponse() != null;
		List<RouteModel.Split> split = (rule.split() == null)
				? (answers ? List.of() : List.of(new RouteModel.Split(target(null), 1, Optional.empty())))
				: rule.split()
					.stream()
					.map((part) -> new RouteModel.Split(target(part.version()), part.weight(),
							Optional.ofNullable(part.headers())))
					.toList();
		this.http.add(new RouteModel.Http(name, mesh, gateway, matches, split, List.of(), rule));
		return this;
	}

	private static RouteModel.Match match(HttpMatch declared) {
		HttpMatch.Source source = declared.source();
		List<RouteModel.Source> sources = (source == null) ? List.of()
				: source.namespaces()
					.stream()
					.map((namespace) -> new RouteModel.Source(Optional.of(namespace),
							(source.labels() == null) ? Map.of() : source.labels()))
					.toList();
		return new RouteModel.Match(declared, (declared.port() == null) ? Optional.empty() : Optional.of(8080),
				sources);
	}

	private static RouteModel.Target target(String version) {
		TreeSet<ObjectRef> deployments = new TreeSet<>();
		if (version != null) {
			deployments.add(deployment(version));
		}
		return new RouteModel.Target(REF, HOST, Optional.ofNullable(version), Optional.empty(), deployments);
	}

	static ObjectRef deployment(String version) {
		return new ObjectRef(ObjectKind.DEPLOYMENT, "shop", "webapp-" + version);
	}

	Given tlsRule(String... sni) {
		this.tls.add(new RouteModel.Tls("tls", true, true,
				List.of(new RouteModel.TlsMatch(List.of(sni), Optional.empty(), List.of())),
				List.of(new RouteModel.Split(target("v1"), 1, Optional.empty()))));
		return this;
	}

	Given loadBalancing(String yaml) {
		this.loadBalancing = Optional.of(yaml(yaml, LoadBalancing.class));
		return this;
	}

	Given meshVersion(String version) {
		this.meshVersion = Optional.of(version);
		return this;
	}

	Given visibleTo(String... namespaces) {
		this.visibleTo = Set.of(namespaces);
		return this;
	}

	Given external(String yaml) {
		this.external = Optional.of(yaml(yaml, ServiceSpec.External.class));
		this.versions = List.of();
		return this;
	}

	/** Exposed as shop.example.com at a gateway with the default listeners. */
	Given exposed(String gateway, String tls) {
		this.exposure = Optional
			.of(new ServiceModel.Exposure(List.of("shop.example.com"), yaml(gateway, GatewayEntry.class), PORT,
					tls.isEmpty() ? Optional.empty() : Optional.of(yaml(tls, ServiceSpec.Exposure.Tls.class))));
		return this;
	}

	Given exposed(String tls) {
		return exposed("{name: public, api: istio, namespace: istio-ingress, selector: {istio: ingress}}", tls);
	}

	ServiceModel model() {
		ClusterModel cluster = new ClusterModel("east", Mesh.ISTIO, this.meshVersion, PathNormalization.DEFAULT,
				"cluster.local", "cluster.local", "istio-system", List.of(), List.of(), false, Duration.ZERO,
				Duration.ZERO, Optional.empty());
		NamespaceModel namespace = new NamespaceModel("shop", cluster, Injection.SIDECAR, Optional.empty(),
				Optional.empty(), DeletionPolicy.DELETE, ConflictPolicy.REFUSE);
		boolean declared = !this.http.isEmpty() || !this.tls.isEmpty() || this.loadBalancing.isPresent();
		return new ServiceModel(REF, namespace, this.external.map((it) -> it.hosts().getFirst()).orElse(HOST),
				List.of(PORT),
				this.versions.stream()
					.map((name) -> new ServiceModel.Version(name, Optional.empty(), Map.of("version", name)))
					.toList(),
				this.external, "webapp", false, Optional.empty(), this.exposure,
				new ServiceModel.Routing(declared, this.http, this.tls, List.of(), this.loadBalancing, Map.of()),
				dev.meshwright.compile.FailoverModel.NONE, new TreeSet<>(this.visibleTo));
	}

	Optional<Manifest> rendered(ObjectKind kind, String name) {
		return new IstioRenderer().renderService(model())
			.stream()
			.filter((manifest) -> manifest.ref().equals(new ObjectRef(kind, "shop", name)))
			.findFirst();
	}

	/** The object's spec as JSON text, keys in their order. */
	String spec(ObjectKind kind, String name) {
		return Json.mapper().writeValueAsString(rendered(kind, name).orElseThrow().body().get("spec"));
	}

	/** The routes of a VirtualService as JSON text. */
	String http(String name) {
		Map<?, ?> spec = (Map<?, ?>) rendered(ObjectKind.VIRTUAL_SERVICE, name).orElseThrow().body().get("spec");
		return Json.mapper().writeValueAsString(spec.get("http"));
	}

}
