package dev.meshwright.compile;

import java.util.List;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.override.OverrideSpec.Evacuate;
import dev.meshwright.model.service.ServiceSpec.Port;
import dev.meshwright.model.service.ServiceSpec.Version;

/** The overrides of a service, as far as no cluster matters. */
final class OverrideChecks implements Check {

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		List<Resource<OverrideSpec>> own = subject.overrides()
			.stream()
			.filter((override) -> override.spec().target().service() != null)
			.toList();
		for (Resource<OverrideSpec> override : own) {
			OverrideFieldChecks.check(override, subject.declarations(), findings);
			At change = findings.spec(override.id()).at("change");
			change.given("backup", override.spec().change().backup(), (backup, at) -> {
				backup(backup.service(), subject, at);
				BackupAccess.check(backup.service(), subject, at.at("service"));
			});
			change.given("evacuate", override.spec().change().evacuate(),
					(evacuate, at) -> evacuate(evacuate, subject, at));
			if (Rerouting.of(subject).isNeeded() && isRerouting(override.spec())) {
				connections(subject, change);
			}
		}
		own.stream()
			.filter((override) -> override.spec().change().backup() != null)
			.skip(1)
			.forEach((extra) -> findings.spec(extra.id())
				.at("change")
				.at("backup")
				.report(DiagnosticCode.ALREADY_CLAIMED,
						"another override sends requests for " + subject.ref() + " to a backup already",
						"delete that one first"));
	}

	private static boolean isRerouting(OverrideSpec override) {
		return override.change().backup() != null
				|| (override.change().evacuate() != null && override.change().evacuate().version() != null);
	}

	/** Whether a service may take over, on every port whose requests can be moved. */
	static void backup(String service, ServiceSubject subject, At at) {
		ServiceRef ref = ServiceRef.parse(service, subject.ref().namespace());
		if (ref.equals(subject.ref())) {
			at.at("service")
				.report(DiagnosticCode.FAILOVER_LOOP, ref + " is to take over from itself", ref + " from itself");
			return;
		}
		DestinationResolver resolver = new DestinationResolver(subject);
		DestinationResolver.Wanted wanted = new DestinationResolver.Wanted(service, null, null, Use.BACKUP);
		boolean routable = false;
		for (Layer layer : Layer.values()) {
			List<Port> ports = layer.of(subject.ports());
			if (!ports.isEmpty()) {
				routable = true;
				resolver.resolve(wanted, layer, ports, at);
			}
		}
		if (!routable) {
			at.report(DiagnosticCode.PORT_NOT_ROUTABLE, "the service has no port whose requests can be moved",
					Layer.HTTP.text());
		}
	}

	private static void evacuate(Evacuate evacuate, ServiceSubject subject, At at) {
		String version = evacuate.version();
		if (version == null) {
			return;
		}
		List<String> known = subject.versions().stream().map(Version::name).toList();
		if (!known.contains(version)) {
			at.at("version")
				.report(DiagnosticCode.VERSION_NOT_FOUND,
						subject.service().id() + " has no version '" + version + "', but " + known,
						Names.nearest(version, known));
			return;
		}
		Rerouting rerouting = Rerouting.of(subject);
		String nowhere = "without version " + version + " a rule of " + subject.ref() + " has nowhere to send ";
		if (rerouting.strandsConnections()) {
			at.at("version")
				.report(DiagnosticCode.EVACUATION_LEAVES_NOTHING, nowhere + "connections",
						"send them elsewhere in the RoutingPolicy first");
		}
		else if (rerouting.strandsRequests() && !Boolean.TRUE.equals(evacuate.force())) {
			at.at("version")
				.report(DiagnosticCode.EVACUATION_LEAVES_NOTHING, nowhere + "requests",
						"send them elsewhere in the RoutingPolicy first, or say force: true to have them answered 503");
		}
	}

	/** Encrypted connections move by server name only, and so by rules alone. */
	static void connections(ServiceSubject subject, At at) {
		boolean ruled = subject.policy().filter((policy) -> !Given.list(policy.spec().tls()).isEmpty()).isPresent();
		if (!Layer.TLS.of(subject.ports()).isEmpty() && !ruled) {
			at.report(DiagnosticCode.TLS_RULE_REQUIRED,
					subject.ref() + " has a port that speaks " + Layer.TLS.text() + " and no rule for it");
		}
	}

}
