package dev.meshwright.provider.kubernetes;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.meshwright.compile.ClusterModel;
import dev.meshwright.compile.NamespaceModel;
import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.document.BoundSpec;
import dev.meshwright.document.Documents;
import dev.meshwright.document.Json;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Spec;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.cluster.ClusterSpec.Mesh;
import dev.meshwright.model.cluster.ClusterSpec.PathNormalization;
import dev.meshwright.model.namespace.NamespaceSpec.ConflictPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.DeletionPolicy;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.routing.Destination;
import dev.meshwright.model.routing.HttpMatch;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.service.ServiceSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Models of one service {@code webapp} from YAML, resolved the short way: no checks, and
 * nothing of what a renderer here does not read.
 */
final class Models {

	private Mesh mesh = Mesh.NONE;

	private String namespace = "shop";

	private final List<GatewayEntry> gateways = new ArrayList<>();

	private SortedSet<String> visibleTo = new TreeSet<>();

	static Models on(Mesh mesh) {
		Models models = new Models();
		models.mesh = mesh;
		return models;
	}

	static Models in(String namespace) {
		Models models = new Models();
		models.namespace = namespace;
		return models;
	}

	/** Adds a gateway {@code public}: {@code {api, namespace, gatewayClass, ports}}. */
	Models gateway(String yaml) {
		this.gateways.add(Json.mapper().treeToValue(tree("name: public\n" + yaml), GatewayEntry.class));
		return this;
	}

	Models visibleTo(String... namespaces) {
		this.visibleTo = new TreeSet<>(List.of(namespaces));
		return this;
	}

	ClusterModel cluster() {
		return new ClusterModel("east", this.mesh, Optional.empty(), PathNormalization.DEFAULT, "cluster.local",
				"cluster.local", "istio-system", this.gateways, List.of(), false, Duration.ZERO, Duration.ZERO,
				Optional.empty());
	}

	NamespaceModel namespace(Injection injection, @Nullable String revision, @Nullable String waypoint) {
		return new NamespaceModel(this.namespace, cluster(), injection, Optional.ofNullable(revision),
				Optional.ofNullable(waypoint), DeletionPolicy.DELETE, ConflictPolicy.REFUSE);
	}

	ServiceModel service(String spec) {
		return service(spec, "service: webapp");
	}

	ServiceModel service(String spec, String policy) {
		ServiceSpec declared = (ServiceSpec) bind(Kind.SERVICE, spec);
		RoutingPolicySpec routing = (RoutingPolicySpec) bind(Kind.ROUTING_POLICY, policy);
		List<ServiceModel.Version> versions = orEmpty(declared.versions()).stream()
			.map((version) -> new ServiceModel.Version(version.name(), Optional.ofNullable(version.workload()),
					(version.selector() != null) ? version.selector() : Labels.selector("webapp", version.name())))
			.toList();
		boolean managed = versions.stream().anyMatch((version) -> version.workload().isPresent());
		String account = declared.serviceAccount();
		SortedSet<String> visible = new TreeSet<>(this.visibleTo);
		visible.add(this.namespace);
		List<HttpRule> rules = orEmpty(routing.rules());
		List<RouteModel.Http> http = IntStream.range(0, rules.size())
			.mapToObj((index) -> rule(index, rules.get(index), declared))
			.toList();
		return new ServiceModel(new ServiceRef(this.namespace, "webapp"), namespace(Injection.NONE, null, null),
				cluster().hostOf(this.namespace, "webapp"), declared.ports(), versions,
				Optional.ofNullable(declared.external()), (account != null) ? account : "webapp",
				managed && account == null, Optional.ofNullable(declared.disruptionBudget()), exposure(declared),
				new ServiceModel.Routing(!rules.isEmpty(), http, List.of(), List.of(), Optional.empty(), Map.of()),
				dev.meshwright.compile.FailoverModel.NONE, visible);
	}

	private Optional<ServiceModel.Exposure> exposure(ServiceSpec declared) {
		ServiceSpec.Exposure exposure = declared.exposure();
		if (exposure == null) {
			return Optional.empty();
		}
		ServiceSpec.Exposure.Tls tls = exposure.tls();
		Optional<ServiceSpec.Exposure.Tls> filled = (tls == null) ? Optional.empty()
				: Optional.of(new ServiceSpec.Exposure.Tls(
						(tls.mode() != null) ? tls.mode() : ServiceSpec.Exposure.Mode.SIMPLE, tls.credentialName(),
						tls.httpsRedirect() == null || tls.httpsRedirect(), (tls.minProtocolVersion() != null)
								? tls.minProtocolVersion() : ServiceSpec.Exposure.MinProtocolVersion.TLSV1_2));
		return Optional.of(new ServiceModel.Exposure(exposure.hosts(), this.gateways.getFirst(),
				declared.ports().getFirst(), filled));
	}

	private RouteModel.Http rule(int index, HttpRule rule, ServiceSpec declared) {
		List<RouteModel.Match> match = orEmpty(rule.match()).stream().map((it) -> match(it, declared)).toList();
		List<Destination> split = (rule.split() != null) ? rule.split()
				: (rule.redirect() != null) ? List.of() : List.of(new Destination(null, null, null, null, null));
		return new RouteModel.Http((rule.name() != null) ? rule.name() : "rule-" + index,
				rule.appliesTo() != HttpRule.AppliesTo.GATEWAY, rule.appliesTo() != HttpRule.AppliesTo.MESH, match,
				split.stream()
					.map((to) -> new RouteModel.Split(target(to.service(), to.version()),
							(to.weight() != null) ? to.weight() : 1, Optional.ofNullable(to.headers())))
					.toList(),
				orEmpty(rule.mirror()).stream()
					.map((to) -> new RouteModel.Mirror(target(to.service(), to.version()),
							(to.percentage() != null) ? to.percentage() : 100))
					.toList(),
				rule);
	}

	private static RouteModel.Match match(HttpMatch match, ServiceSpec declared) {
		List<RouteModel.Source> sources = (match.source() == null) ? List.of()
				: orEmpty(match.source().namespaces()).stream()
					.map((namespace) -> new RouteModel.Source(Optional.of(namespace), Map.of()))
					.toList();
		Optional<Integer> port = declared.ports()
			.stream()
			.filter((it) -> it.name().equals(match.port()))
			.map(ServiceSpec.Port::port)
			.findFirst();
		return new RouteModel.Match(match, port, sources);
	}

	private RouteModel.Target target(@Nullable String service, @Nullable String version) {
		ServiceRef ref = ServiceRef.parse((service != null) ? service : "webapp", this.namespace);
		SortedSet<ObjectRef> deployments = new TreeSet<>();
		if (version != null) {
			deployments.add(new ObjectRef(ObjectKind.DEPLOYMENT, ref.namespace(), ref.name() + "-" + version));
		}
		String host = ref.name().equals("outside") ? "api.example.org" : cluster().hostOf(ref.namespace(), ref.name());
		return new RouteModel.Target(ref, host, Optional.ofNullable(version), Optional.empty(), deployments);
	}

	static JsonNode tree(String yaml) {
		return Documents.yaml(yaml.getBytes(StandardCharsets.UTF_8)).getFirst();
	}

	private static Spec bind(Kind kind, String yaml) {
		BoundSpec bound = SpecBinder.bind(kind, tree(yaml));
		return bound.spec()
			.orElseThrow(() -> new IllegalArgumentException(
					bound.errors().stream().map(Object::toString).collect(Collectors.joining("\n"))));
	}

	private static <T> List<T> orEmpty(@Nullable List<T> list) {
		return (list != null) ? list : List.of();
	}

}
