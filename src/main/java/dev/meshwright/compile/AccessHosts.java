package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.security.AccessRule;
import dev.meshwright.model.security.AccessRule.Operation;
import dev.meshwright.model.service.ServiceSpec.Exposure;

/**
 * The hosts that a rule for one service names: those under which it is exposed, and those
 * of its Kubernetes Service. Another host is somebody else's, or nobody's.
 */
final class AccessHosts {

	private final ServiceSubject subject;

	AccessHosts(ServiceSubject subject) {
		this.subject = subject;
	}

	/**
	 * What can be said without a cluster. The longest name of the Service ends with the
	 * cluster's domain, which is looked at there.
	 */
	void check(AccessRule rule, At at) {
		at.each("to", rule.to(), this::check);
	}

	/** The same of one operation. */
	void check(Operation operation, At at) {
		List<String> known = hosts();
		at.each("hosts", operation.hosts(), (host, place) -> {
			if (!known.contains(host) && !isInCluster(host)) {
				report(host, known, place);
			}
		});
	}

	/** What only a cluster can say. */
	void checkOn(ClusterModel cluster, AccessRule rule, At at) {
		String full = cluster.hostOf(this.subject.ref().namespace(), this.subject.ref().name());
		at.each("to", rule.to(), (operation, field) -> field.each("hosts", operation.hosts(), (host, place) -> {
			if (isInCluster(host) && !host.equals(full)) {
				report(host, List.of(full), place);
			}
		}));
	}

	private void report(String host, List<String> known, At at) {
		at.report(DiagnosticCode.HOST_NOT_OF_SERVICE, "'" + host + "' is no host of " + this.subject.ref(), known);
	}

	private List<String> hosts() {
		List<String> hosts = new ArrayList<>();
		Optional.ofNullable(this.subject.spec().exposure()).map(Exposure::hosts).ifPresent(hosts::addAll);
		String name = this.subject.ref().name();
		hosts.addAll(List.of(name, name + "." + this.subject.ref().namespace(), inCluster()));
		return hosts;
	}

	private boolean isInCluster(String host) {
		return host.startsWith(inCluster() + ".");
	}

	private String inCluster() {
		return this.subject.ref().name() + "." + this.subject.ref().namespace() + ".svc";
	}

}
