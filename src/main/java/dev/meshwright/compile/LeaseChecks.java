package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.ObjectField;
import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.namespace.NamespaceSpec.Quota;
import dev.meshwright.model.service.Lease;
import org.jspecify.annotations.Nullable;

/** What of a service is left to other controllers, and whether it may be. */
final class LeaseChecks implements Check {

	/** Kubernetes' own limit for the name of a field manager, and what we can tell. */
	private static final Pattern MANAGER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._:/@+-]{0,127}");

	/** Ours, under which we apply and hand over. */
	private static final Pattern OURS = Pattern.compile("meshwright(-handover)?");

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		List<Leased> leased = new ArrayList<>();
		findings.spec(subject.service().id())
			.each("leases", subject.spec().leases(), (lease, at) -> check(lease, subject, leased, at));
	}

	private static void check(Lease lease, ServiceSubject subject, List<Leased> leased, At at) {
		if (!MANAGER.matcher(lease.manager()).matches() || OURS.matcher(lease.manager()).matches()) {
			at.at("manager")
				.report(DiagnosticCode.INVALID_VALUE,
						"'" + lease.manager() + "' is no name of another controller's field manager",
						"the manager's name as the object's managedFields have it, such as kube-controller-manager");
		}
		at.at("object").given("name", lease.object().name(), Names::object);
		if (lease.fields().isEmpty()) {
			at.at("fields").report(DiagnosticCode.REQUIRED_FIELD, "nothing is leased", "at least one field");
		}
		Optional<LeasableFields> leasable = LeasableFields.of(lease.object().kind());
		if (leasable.isEmpty()) {
			at.at("object")
				.at("kind")
				.report(DiagnosticCode.FIELD_NOT_LEASABLE, "nothing of a " + lease.object().kind() + " can be leased",
						"fields of " + String.join(", ", LeasableFields.kinds())
								+ Names.nearest(lease.object().kind(), LeasableFields.kinds()));
			return;
		}
		at.each("fields", lease.fields(), (path, place) -> {
			Optional<ObjectField> field = leasable.get().field(path);
			if (field.isEmpty()) {
				List<String> paths = leasable.get().paths();
				place.report(DiagnosticCode.FIELD_NOT_LEASABLE,
						"'" + path + "' of a " + lease.object().kind() + " cannot be leased",
						String.join(", ", paths) + Names.nearest(path, paths));
				return;
			}
			Leased one = new Leased(leasable.get(), lease.object().name(), path);
			if (leased.stream().anyMatch(one::meets)) {
				place.report(DiagnosticCode.DUPLICATE_NAME, "'" + path + "' is leased twice");
			}
			leased.add(one);
			subject.namespace().ifPresent((namespace) -> rules(namespace.spec(), leasable.get(), field.get(), place));
		});
	}

	/** One field of some objects. */
	private record Leased(LeasableFields kind, @Nullable String name, String path) {

		boolean meets(Leased other) {
			return this.kind == other.kind && this.path.equals(other.path)
					&& (this.name == null || other.name == null || this.name.equals(other.name));
		}

	}

	/** What the platform demands of a declaration, nobody demands of a live value. */
	private static void rules(NamespaceSpec namespace, LeasableFields leasable, ObjectField field, At at) {
		if (Boolean.TRUE.equals(namespace.requireDigest()) && field.toString().endsWith(".image")) {
			at.report(DiagnosticCode.FIELD_NOT_LEASABLE,
					"the Namespace demands images by digest, and what another controller sets is not checked",
					"other fields, or have requireDigest taken out of the Namespace");
		}
		boolean most = field.toString().equals(".spec.replicas")
				|| (leasable.kind() == ObjectKind.HORIZONTAL_POD_AUTOSCALER
						&& field.toString().equals(".spec.maxReplicas"));
		Quota quota = namespace.quota();
		if (most && quota != null && quota.replicas() != null) {
			at.report(DiagnosticCode.FIELD_NOT_LEASABLE,
					"the Namespace has a quota of replicas, and what another controller sets is not counted",
					"other fields, declare autoscaling with maxReplicas, or have the quota taken out of the Namespace");
		}
	}

}
