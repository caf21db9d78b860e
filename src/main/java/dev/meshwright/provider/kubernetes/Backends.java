package dev.meshwright.provider.kubernetes;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.meshwright.compile.RouteModel;
import dev.meshwright.compile.RouteModel.Target;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;

/**
 * The Kubernetes Services behind an exposure. A version has a Service of its own, because
 * neither Gateway API nor Ingress knows subsets.
 */
final class Backends {

	private final ServiceModel service;

	private final Exposure exposure;

	Backends(ServiceModel service, Exposure exposure) {
		this.service = service;
		this.exposure = exposure;
	}

	/** Name and port of the Service for requests to no version in particular. */
	Tree whole() {
		return Tree.of("name", this.service.ref().name()).with("port", this.exposure.port().port());
	}

	/** Name and port of the Service for a target. */
	Tree of(Target target) {
		String name = target.version()
			.map((version) -> target.service().name() + "-" + version)
			.orElse(target.service().name());
		return Tree.of("name", name).with("port", target.port().orElse(this.exposure.port().port()));
	}

	/** The versions of this service that rules at the gateway name. */
	SortedSet<String> ownVersions() {
		return targets().filter((target) -> target.service().equals(this.service.ref()))
			.flatMap((target) -> target.version().stream())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * The Deployments that must be available before requests may follow the rules: of
	 * every target that gets a share of them.
	 */
	Set<ObjectRef> awaits() {
		if (!GatewayRule.any(this.service)) {
			return this.service.managedVersions()
				.stream()
				.filter(ServiceModel.Version::runs)
				.map((version) -> new ObjectRef(ObjectKind.DEPLOYMENT, this.service.ref().namespace(),
						this.service.ref().name() + "-" + version.name()))
				.collect(Collectors.toSet());
		}
		return GatewayRule.of(this.service, this.exposure)
			.stream()
			.flatMap((rule) -> rule.split().stream())
			.filter((split) -> split.weight() > 0)
			.flatMap((split) -> split.target().deployments().stream())
			.collect(Collectors.toSet());
	}

	/**
	 * Why a target cannot be a backend, as the end of a sentence, or empty when it can.
	 */
	String obstacle(Target target) {
		if (!target.service().namespace().equals(this.service.ref().namespace())) {
			return "is in another namespace";
		}
		String host = this.service.cluster().hostOf(target.service().namespace(), target.service().name());
		if (!target.host().equals(host)) {
			return "is an external service";
		}
		boolean other = !target.service().equals(this.service.ref());
		return (other && target.version().isPresent()) ? "is a version of another service" : "";
	}

	private Stream<Target> targets() {
		return GatewayRule.of(this.service, this.exposure)
			.stream()
			.flatMap((rule) -> Stream.concat(rule.split().stream().map(RouteModel.Split::target),
					rule.mirrors().stream().map(RouteModel.Mirror::target)));
	}

}
