package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Source;
import dev.meshwright.model.security.SecurityPolicySpec.MutualTlsMode;
import dev.meshwright.model.service.ServiceSpec.Port;
import org.jspecify.annotations.Nullable;

/**
 * Whom the security of a service lets in, as far as declarations tell: a caller is
 * refused only where no call of it can pass. What only a call shows (addresses, tokens,
 * headers) is taken to be as the rule wants it.
 *
 * @param ports the ports of the service
 * @param merged its security
 */
record Admission(List<Port> ports, MergedSecurity merged) {

	static Admission of(ServiceSubject subject) {
		return new Admission(subject.ports(), SecurityMerge.of(subject.security()));
	}

	/** Why no call of a caller can pass, if none can. */
	Optional<String> refusal(KnownCaller caller) {
		if (!caller.joined() && !this.ports.isEmpty() && this.ports.stream()
			.allMatch((port) -> this.merged.modeOf(port.name()).orElse(null) == MutualTlsMode.STRICT)) {
			return Optional.of("mutual TLS is STRICT, and the caller's namespace does not join the mesh");
		}
		Optional<Said<AccessRule>> denied = this.merged.enforced()
			.deny()
			.stream()
			.filter((rule) -> isWhollyDenied(rule, caller))
			.findFirst();
		if (denied.isPresent()) {
			return denied.map((rule) -> rule.resource() + rule.pointer() + " refuses it");
		}
		return (isDeniedByDefault() && allowing(caller).findAny().isEmpty()) ? Optional.of("no allow rule lets it in")
				: Optional.empty();
	}

	boolean isDeniedByDefault() {
		return this.merged.enforced().denies();
	}

	/** The allow rules that may let a caller in. */
	Stream<Said<AccessRule>> allowing(KnownCaller caller) {
		return this.merged.enforced().allow().stream().filter((rule) -> mayMatch(rule, caller));
	}

	/** The deny rules that may refuse a caller. */
	Stream<Said<AccessRule>> denying(KnownCaller caller) {
		return this.merged.enforced().deny().stream().filter((rule) -> mayMatch(rule, caller));
	}

	private static boolean mayMatch(Said<AccessRule> rule, KnownCaller caller) {
		List<Source> sources = Given.list(rule.value().from());
		return sources.isEmpty()
				|| sources.stream().anyMatch((source) -> mayMatch(source, caller, rule.resource().namespace()));
	}

	private static boolean isWhollyDenied(Said<AccessRule> rule, KnownCaller caller) {
		return rule.value().to() == null && rule.value().when() == null
				&& (rule.value().from() == null || rule.value()
					.from()
					.stream()
					.anyMatch((source) -> source.claims() == null
							&& Given.count(source.ipBlocks(), source.remoteIpBlocks(), source.notIpBlocks(),
									source.notRemoteIpBlocks()) == 0
							&& caller.namespace().isPresent()
							&& mayMatch(source, caller, rule.resource().namespace())));
	}

	private static boolean mayMatch(Source source, KnownCaller caller, String home) {
		boolean named = Given.count(source.services(), source.principals(), source.gateways()) > 0;
		boolean isNamed = names(source.services(), caller, home)
				|| Given.list(source.principals()).stream().anyMatch(caller::mayBe)
				|| caller.gateway().filter(Given.list(source.gateways())::contains).isPresent();
		boolean inside = source.namespaces() == null
				|| caller.namespace().filter((namespace) -> !source.namespaces().contains(namespace)).isEmpty();
		boolean excluded = names(source.notServices(), caller, home)
				|| (caller.account().isPresent() && Given.list(source.notPrincipals()).stream().anyMatch(caller::mayBe))
				|| caller.namespace().filter(Given.list(source.notNamespaces())::contains).isPresent();
		return (!named || isNamed) && inside && !excluded;
	}

	private static boolean names(@Nullable List<String> services, KnownCaller caller, String home) {
		return Given.list(services)
			.stream()
			.map((text) -> ServiceRef.parse(text, home))
			.anyMatch((ref) -> caller.service().filter(ref::equals).isPresent());
	}

}
