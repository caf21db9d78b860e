package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.security.NetworkRules.Peers;
import dev.meshwright.model.service.ServiceSpec;

/**
 * Whether the network lets out what a service declares to call. Addresses outside the
 * cluster are left to those who know them.
 */
final class EgressChecks implements Check {

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		Optional<List<Said<Peers>>> egress = SecurityMerge.of(subject.security())
			.network()
			.flatMap(MergedSecurity.Network::egress);
		if (egress.isPresent() && subject.spec().external() == null) {
			findings.spec(subject.service().id())
				.each("dependencies", subject.spec().dependencies(),
						(text, at) -> letOut(text, subject, egress.get(), at));
		}
	}

	private static void letOut(String text, ServiceSubject subject, List<Said<Peers>> egress, At at) {
		ServiceRef target = ServiceRef.parse(text, subject.ref().namespace());
		subject.declarations()
			.usable(target, subject.ref(), Use.DEPENDENCY)
			.filter((callee) -> callee.spec().external() == null)
			.filter((callee) -> egress.stream().noneMatch((peers) -> contains(peers, target, callee)))
			.ifPresent((callee) -> at.report(DiagnosticCode.DEPENDENCY_CUT_OFF,
					"the network lets " + subject.ref() + " reach other pods only",
					"services: [" + target + "] to networkPolicy.egress"));
	}

	private static boolean contains(Said<Peers> said, ServiceRef target, Resource<ServiceSpec> callee) {
		Peers peers = said.value();
		String home = said.resource().namespace();
		boolean anywhere = Given.count(peers.services(), peers.namespaces(), peers.ipBlocks()) == 0;
		boolean there = Given.list(peers.namespaces()).contains(target.namespace()) || Given.list(peers.services())
			.stream()
			.anyMatch((text) -> ServiceRef.parse(text, home).equals(target));
		return (anywhere || there) && (peers.ports() == null || takes(peers, callee));
	}

	/** A port of the pods that only they know by number may be any. */
	private static boolean takes(Peers peers, Resource<ServiceSpec> callee) {
		Set<String> numbers = Given.list(peers.ports()).stream().map((port) -> port.text()).collect(Collectors.toSet());
		return Given.list(callee.spec().ports())
			.stream()
			.anyMatch((port) -> (port.targetPort() != null && !port.targetPort().numeric())
					|| numbers.contains(Integer.toString(SecurityResolver.podPort(port))));
	}

}
