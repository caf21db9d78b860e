package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.FieldLease;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectField;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.service.Lease;

/** Brings the leases of a service to the objects that it compiles to. */
final class Leases {

	private final List<Manifest> manifests;

	private final Map<ObjectRef, List<FieldLease>> leased = new TreeMap<>();

	private Leases(List<Manifest> manifests) {
		this.manifests = manifests;
	}

	/** The manifests with their leases; one that concerns none of them is a finding. */
	static List<Manifest> on(List<Manifest> manifests, ServiceSubject subject, String cluster, Findings findings) {
		List<Lease> declared = Given.list(subject.spec().leases());
		if (declared.isEmpty() || manifests.isEmpty()) {
			return manifests;
		}
		Leases leases = new Leases(manifests);
		findings.spec(subject.service().id())
			.each("leases", declared, (lease, at) -> at.each("fields", lease.fields(), (path, place) -> {
				if (!leases.bring(lease, path)) {
					place.report(DiagnosticCode.LEASE_MATCHES_NOTHING,
							"on cluster " + cluster + " " + subject.ref() + " has no " + lease.object().kind()
									+ ((lease.object().name() != null) ? " " + lease.object().name() : "") + " with a "
									+ path,
							leases.names(lease));
				}
			}));
		return manifests.stream()
			.map((manifest) -> manifest.with(leases.leased.getOrDefault(manifest.ref(), List.of())))
			.toList();
	}

	private boolean bring(Lease lease, String path) {
		ObjectField field = ObjectField.of(path);
		boolean any = false;
		for (Manifest manifest : of(lease)) {
			Optional<Object> declared = Optional.ofNullable(field.in(manifest.body()));
			if (declared.isPresent()) {
				any = true;
				this.leased.computeIfAbsent(manifest.ref(), (_) -> new ArrayList<>())
					.add(new FieldLease(field, lease.manager(), lease.expiresAt(), declared.get()));
			}
		}
		return any;
	}

	private List<Manifest> of(Lease lease) {
		return this.manifests.stream()
			.filter((manifest) -> manifest.ref().kind().kind().equals(lease.object().kind())
					&& LeasableFields.of(lease.object().kind())
						.filter((fields) -> fields.kind() == manifest.ref().kind())
						.isPresent())
			.filter((manifest) -> lease.object().name() == null || lease.object().name().equals(manifest.ref().name()))
			.toList();
	}

	/** What objects of that kind there are, for the remedy. */
	private String names(Lease lease) {
		List<String> names = this.manifests.stream()
			.filter((manifest) -> manifest.ref().kind().kind().equals(lease.object().kind()))
			.map((manifest) -> manifest.ref().name())
			.toList();
		return names.isEmpty() ? "; there is no " + lease.object().kind() : "; there are " + names;
	}

}
