package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Kind;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.failover.FailoverPolicySpec;

/** The backup that a service's own failover policy names. */
final class BackupChecks {

	/** Backups of backups; a longer chain helps nobody. */
	private static final int LONGEST = 20;

	private BackupChecks() {
	}

	static void check(FailoverPolicySpec policy, ServiceSubject subject, At spec) {
		spec.given("backup", policy.backup(), (backup, at) -> {
			if (subject.spec().external() != null) {
				at.report(DiagnosticCode.BACKUP_OF_EXTERNAL_SERVICE,
						subject.ref() + " is external, and no cluster says whether it is ready");
				return;
			}
			OverrideChecks.backup(backup.service(), subject, at);
			OverrideChecks.connections(subject, at);
			loop(subject, backup.service(), at);
			BackupAccess.check(backup.service(), subject, at.at("service"));
		});
	}

	private static void loop(ServiceSubject subject, String service, At at) {
		List<ServiceRef> chain = new ArrayList<>(List.of(subject.ref()));
		Optional<ServiceRef> next = Optional.of(ServiceRef.parse(service, subject.ref().namespace()));
		while (next.isPresent() && chain.size() <= LONGEST && !chain.contains(next.get())) {
			chain.add(next.get());
			next = backup(next.get(), subject.declarations());
		}
		if (next.isPresent() && chain.size() > 1 && next.get().equals(subject.ref())) {
			at.at("service").report(DiagnosticCode.FAILOVER_LOOP, "requests would go in a circle: " + chain, chain);
		}
	}

	/** Names in other namespaces are only told where the service itself is used. */
	private static Optional<ServiceRef> backup(ServiceRef service, Declarations declarations) {
		if (!Declarations.isReference(service)) {
			return Optional.empty();
		}
		return declarations.snapshot()
			.index(PolicyTarget.service(service).key(Kind.FAILOVER_POLICY), FailoverPolicySpec.class)
			.stream()
			.flatMap((policy) -> Optional.ofNullable(policy.spec().backup()).stream())
			.map((backup) -> ServiceRef.parse(backup.service(), service.namespace()))
			.findFirst();
	}

}
