package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Key;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.service.ServiceSpec;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces from which something is known to call a service: its own, those of its
 * callers, of the callers of services that send requests on to it, and of gateways. That
 * another namespace exists is no business of the policy's author, so it is not looked at.
 */
final class CallerNamespaces {

	private final ServiceSubject subject;

	private final ClusterModel cluster;

	CallerNamespaces(ServiceSubject subject, ClusterModel cluster) {
		this.subject = subject;
		this.cluster = cluster;
	}

	/** Warns of namespaces that a rule for this one service names in vain. */
	void check(AccessRule rule, At at) {
		if (Given.list(rule.from()).stream().allMatch((source) -> source.namespaces() == null)) {
			return;
		}
		SortedSet<String> known = known();
		at.each("from", rule.from(), (source, place) -> place.each("namespaces", source.namespaces(), (name, field) -> {
			if (!known.contains(name)) {
				field.report(DiagnosticCode.CALLER_NAMESPACE_UNKNOWN,
						"nothing of namespace " + name + " is known to call " + this.subject.ref());
			}
		}));
	}

	/**
	 * Warns of namespaces that a rule for every service names in vain: nobody declares
	 * them, and no gateway or mesh is there. Whoever writes for the platform may know
	 * all.
	 */
	static void check(Resource<SecurityPolicySpec> policy, Declarations declarations, Findings findings) {
		findings.spec(policy.id()).given("access", policy.spec().access(), (access, at) -> {
			declared("allow", access.allow(), declarations, at);
			declared("deny", access.deny(), declarations, at);
			declared("audit", access.audit(), declarations, at);
		});
	}

	private static void declared(String field, @Nullable List<AccessRule> rules, Declarations declarations, At at) {
		at.each(field, rules, (rule, place) -> place.each("from", rule.from(), (source, from) -> from.each("namespaces",
				source.namespaces(), (name, each) -> declared(name, declarations, each))));
	}

	private static void declared(String name, Declarations declarations, At at) {
		if (declarations.namespace(name).isEmpty() && declarations.snapshot()
			.index(Key.clusters(), ClusterSpec.class)
			.stream()
			.map((cluster) -> ClusterResolver.reserved(ClusterResolver.cluster(cluster, Optional.empty())))
			.noneMatch((reserved) -> reserved.contains(name))) {
			at.report(DiagnosticCode.CALLER_NAMESPACE_UNKNOWN,
					"nothing of namespace " + name + " is known to call anything: it is not declared");
		}
	}

	private SortedSet<String> known() {
		ServiceRef own = this.subject.ref();
		SortedSet<String> known = new TreeSet<>(
				SecurityResolver.namedNamespaces(SecurityMerge.of(this.subject.security())));
		known.add(own.namespace());
		known.add(this.cluster.rootNamespace());
		this.cluster.gateways().stream().map(GatewayEntry::namespace).forEach((name) -> {
			if (name != null) {
				known.add(name);
			}
		});
		add(this.subject.service(), known);
		for (Resource<?> policy : this.subject.declarations()
			.snapshot()
			.index(Key.routesTo(own.namespace(), own.name()))) {
			PolicyTarget.of(policy)
				.map((target) -> new ServiceRef(target.namespace(), target.service()))
				.flatMap(this.subject.declarations()::service)
				.ifPresent((router) -> add(router, known));
		}
		return known;
	}

	private void add(Resource<ServiceSpec> service, SortedSet<String> known) {
		known.add(service.id().namespace());
		KnownCaller.dependents(service, this.subject.declarations())
			.values()
			.forEach((caller) -> caller.namespace().ifPresent(known::add));
	}

}
