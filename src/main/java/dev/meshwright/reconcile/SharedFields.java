package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.ObjectGateway;
import dev.meshwright.model.FieldLease;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectField;

/**
 * Fields of an object that we share with other managers: those that a renderer leaves out
 * when another controller sets them, and those that are leased.
 *
 * @param withheld the fields that this write leaves out
 * @param released those of them that we pushed last: dropped without further ado, a field
 * that only we own would fall back to the API server's default (a Deployment to one
 * replica), or could not be missing (an image)
 * @param regained fields that we had left out and push again
 * @param leases the leases in force
 */
record SharedFields(Set<ObjectField> withheld, Set<ObjectField> released, Set<ObjectField> regained,
		List<FieldLease> leases) {

	static final SharedFields NONE = new SharedFields(Set.of(), Set.of(), Set.of(), List.of());

	/**
	 * What is left to others when a manifest is pushed first; nothing comes back to us.
	 */
	static SharedFields first(Manifest manifest) {
		Set<ObjectField> withheld = new LinkedHashSet<>();
		manifest.leases().forEach((lease) -> withheld.add(lease.field()));
		return new SharedFields(withheld, Set.of(), Set.of(), manifest.leases());
	}

	/**
	 * What changes hands when one body takes another's place.
	 * @param old what was pushed last
	 * @param body what is pushed
	 * @param manifest says what may be shared
	 */
	static SharedFields between(Map<String, Object> old, Map<String, Object> body, Manifest manifest) {
		Set<ObjectField> shared = new LinkedHashSet<>();
		manifest.shared().forEach((path) -> shared.add(ObjectField.of(path)));
		manifest.leases().forEach((lease) -> shared.add(lease.field()));
		FieldLease.of(old).forEach((lease) -> shared.add(lease.field()));
		Set<ObjectField> withheld = new LinkedHashSet<>();
		Set<ObjectField> released = new LinkedHashSet<>();
		Set<ObjectField> regained = new LinkedHashSet<>();
		for (ObjectField field : shared) {
			boolean before = field.in(old) != null;
			if (field.in(body) == null) {
				withheld.add(field);
				if (before) {
					released.add(field);
				}
			}
			else if (!before) {
				regained.add(field);
			}
		}
		return new SharedFields(withheld, released, regained, manifest.leases());
	}

	/** Whether a field, as a conflict names it, comes back to us. */
	boolean regains(String conflict) {
		return this.regained.stream().anyMatch((field) -> field.covers(conflict));
	}

	/** Whether a field, as a conflict names it, is left to another manager. */
	boolean leases(String conflict) {
		return this.leases.stream().anyMatch((lease) -> lease.field().covers(conflict));
	}

	/** The body with the leased fields as they are declared: how a new object begins. */
	Map<String, Object> begun(Map<String, Object> body) {
		return with(body, Map.of());
	}

	/**
	 * The body with the leased fields as they live: where nobody keeps books of who has
	 * which field, and lists are one field, they cannot be left out.
	 */
	Map<String, Object> with(Map<String, Object> body, Map<String, Object> live) {
		Map<String, Object> filled = body;
		for (FieldLease lease : this.leases) {
			Object value = lease.field().in(live);
			value = (value != null) ? value : lease.declared();
			filled = (value != null) ? lease.field().with(filled, value) : filled;
		}
		return filled;
	}

	/** JSON pointers of the fields that are left out, as far as they live. */
	Set<String> pointers(Map<String, Object> live) {
		return this.withheld.stream().flatMap((field) -> field.pointer(live).stream()).collect(Collectors.toSet());
	}

	/** Whether no field changes hands, nor is leased. */
	boolean isAtRest() {
		return this.released.isEmpty() && this.regained.isEmpty() && this.leases.isEmpty();
	}

	/** Whether an object has to be looked at before it is written. */
	boolean changeHands() {
		return !this.released.isEmpty() || !this.leases.isEmpty();
	}

	/**
	 * What the manager that hands over has to apply before we leave fields out.
	 * @param live the object as it is
	 * @return empty when others have all of them already
	 */
	Handover handover(LiveObject live) {
		Map<String, Object> fields = Map.of();
		List<FieldLease> strange = LeasedFields.strangers(live, this.leases);
		boolean needed = !strange.isEmpty();
		for (ObjectField field : this.withheld) {
			Object value = field.in(live.body());
			Set<String> managers = FieldManagers.of(live, field);
			boolean held = managers.contains(ObjectGateway.HANDOVER_MANAGER);
			boolean ours = managers.contains(ObjectGateway.FIELD_MANAGER);
			boolean lost = strange.stream().anyMatch((lease) -> lease.field().equals(field));
			boolean unknown = !FieldManagers.known(live) && this.released.contains(field) && !leases(field.toString());
			// of a field with fields below it others may have a part, and we the rest
			boolean leaving = ours && (managers.size() == 1 || value instanceof Map);
			needed |= unknown || leaving;
			if (value != null && (held || unknown || lost || leaving)) {
				fields = field.with(fields, lost ? declared(field, value) : value);
			}
		}
		return new Handover(needed ? fields : Map.of(), !strange.isEmpty());
	}

	/**
	 * What the manager that hands over has to apply after we have fields back, so that it
	 * does not keep them.
	 * @param live the object as it is
	 */
	Handover returned(LiveObject live) {
		Map<String, Object> fields = Map.of();
		for (ObjectField field : this.withheld) {
			Object value = field.in(live.body());
			if (value != null && FieldManagers.of(live, field).contains(ObjectGateway.HANDOVER_MANAGER)) {
				fields = field.with(fields, value);
			}
		}
		return new Handover(fields, false);
	}

	/** Whether a field that we have back has the manager that handed it over, too. */
	boolean stillHandedOver(LiveObject live) {
		return this.regained.stream()
			.anyMatch((field) -> FieldManagers.of(live, field).contains(ObjectGateway.HANDOVER_MANAGER));
	}

	private Object declared(ObjectField field, Object live) {
		List<Object> declared = new ArrayList<>();
		this.leases.stream()
			.filter((lease) -> lease.field().equals(field) && lease.declared() != null)
			.forEach((lease) -> declared.add(lease.declared()));
		return declared.isEmpty() ? live : declared.getFirst();
	}

	/**
	 * Fields for the manager that hands over.
	 *
	 * @param fields the fields with their values
	 * @param force whether somebody to whom they are not leased loses them
	 */
	record Handover(Map<String, Object> fields, boolean force) {
	}

}
