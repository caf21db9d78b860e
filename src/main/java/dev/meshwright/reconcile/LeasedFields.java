package dev.meshwright.reconcile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.ObjectGateway;
import dev.meshwright.model.FieldLease;

/** Who has the leased fields of a live object. */
final class LeasedFields {

	private LeasedFields() {
	}

	/**
	 * The leased fields that somebody else has than the manager to whom they are left.
	 * Until that one writes a field, it is ours or handed over.
	 */
	static List<FieldLease> strangers(LiveObject live, List<FieldLease> leases) {
		return leases.stream().filter((lease) -> !managers(live, lease).isEmpty()).toList();
	}

	/** Those that the object itself names. */
	static List<FieldLease> strangers(LiveObject live) {
		return strangers(live, FieldLease.of(live.body()));
	}

	/** Who has a field to whom it is not left; nobody while that one has it, too. */
	static Set<String> managers(LiveObject live, FieldLease lease) {
		Set<String> managers = new HashSet<>(FieldManagers.of(live, lease.field()));
		if (managers.contains(lease.manager())) {
			return Set.of();
		}
		managers.removeAll(Set.of(ObjectGateway.FIELD_MANAGER, ObjectGateway.HANDOVER_MANAGER));
		return new TreeSet<>(managers);
	}

}
