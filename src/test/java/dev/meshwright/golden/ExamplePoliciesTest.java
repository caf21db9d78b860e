package dev.meshwright.golden;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.service.ServiceSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The applications under {@code examples/} with all their failover and security policies:
 * exactly the calls that they declare to make are let in, decided by what is rendered.
 */
class ExamplePoliciesTest {

	private static final String STRANGER = "cluster.local/ns/elsewhere/sa/default";

	private static final String GATEWAY = "cluster.local/ns/istio-ingress/sa/istio-ingressgateway";

	@ParameterizedTest
	@ValueSource(strings = { "bookinfo", "online-boutique" })
	void exactlyTheDeclaredCallsAreAllowed(String application) {
		Declarations declared = Example
			.together(List.of(Example.named(application + "/resilience"), Example.named(application + "/security")));
		Compiler compiler = new Compiler(GoldenOutput.RENDERERS, GoldenOutput.SETTINGS);
		Map<ServiceRef, ServiceSpec> services = services(declared);
		Map<ServiceRef, IstioAccess> access = new HashMap<>();
		List<Diagnostic> found = new ArrayList<>();
		services.keySet().forEach((ref) -> {
			Compilation compilation = compiler.compile(new UnitId("local", ref.namespace(), ref.name()), declared);
			found.addAll(compilation.diagnostics());
			access.put(ref, new IstioAccess(compilation.manifests()));
			assertThat(compilation.manifests()).extracting((manifest) -> manifest.ref().kind())
				.as(ref.toString())
				.contains(ObjectKind.PEER_AUTHENTICATION, ObjectKind.AUTHORIZATION_POLICY, ObjectKind.NETWORK_POLICY,
						ObjectKind.DESTINATION_RULE);
		});
		assertThat(found).filteredOn((finding) -> finding.resource().kind() != Kind.ROUTING_POLICY)
			.as("what is to say of it")
			.isEmpty();
		Set<String> allowed = new TreeSet<>();
		Set<String> meant = new TreeSet<>();
		services.forEach((callee, spec) -> {
			services.forEach((caller, callerSpec) -> {
				String edge = caller + " calls " + callee;
				if (access.get(callee).allows(call(spec, Optional.of(account(caller, callerSpec))))) {
					allowed.add(edge);
				}
				if (dependencies(caller, callerSpec).anyMatch(callee::equals)) {
					meant.add(edge);
				}
			});
			Stream.of(Optional.<String>empty(), Optional.of(STRANGER))
				.forEach((stranger) -> assertThat(access.get(callee).allows(call(spec, stranger)))
					.as("%s calls %s", stranger, callee)
					.isFalse());
			assertThat(access.get(callee).allows(call(spec, Optional.of(GATEWAY)))).as("the gateway calls %s", callee)
				.isEqualTo(spec.exposure() != null);
		});
		assertThat(allowed).isEqualTo(meant).hasSizeGreaterThan(2);
	}

	private static Map<ServiceRef, ServiceSpec> services(Declarations declared) {
		Map<ServiceRef, ServiceSpec> services = new HashMap<>();
		declared.placements()
			.stream()
			.filter((unit) -> !unit.isNamespace())
			.map((unit) -> new ServiceRef(unit.namespace(), unit.service()))
			.forEach((ref) -> services.put(ref,
					declared.find(new ResourceId(Kind.SERVICE, ref.namespace(), ref.name()), ServiceSpec.class)
						.orElseThrow()
						.spec()));
		return services;
	}

	private static Stream<ServiceRef> dependencies(ServiceRef caller, ServiceSpec spec) {
		return Optional.ofNullable(spec.dependencies())
			.stream()
			.flatMap(List::stream)
			.map((text) -> ServiceRef.parse(text, caller.namespace()));
	}

	private static String account(ServiceRef ref, ServiceSpec spec) {
		String account = (spec.serviceAccount() != null) ? spec.serviceAccount() : ref.name();
		return "cluster.local/ns/" + ref.namespace() + "/sa/" + account;
	}

	/** As the application calls the service's first port. */
	private static Call call(ServiceSpec spec, Optional<String> principal) {
		ServiceSpec.Port port = spec.ports().getFirst();
		int pod = (port.targetPort() != null) ? Integer.parseInt(port.targetPort().text()) : port.port();
		Optional<Call.Request> request = switch (port.protocol()) {
			case GRPC -> Optional.of(request("POST", "/hipstershop.Service/Method"));
			case HTTP -> Optional.of(request("GET", "/"));
			default -> Optional.empty();
		};
		return new Call(principal, "10.1.2.3", "10.1.2.3", port.name(), pod, request, Set.of());
	}

	private static Call.Request request(String method, String path) {
		return new Call.Request(method, "service", path, Map.of(), Optional.empty());
	}

}
