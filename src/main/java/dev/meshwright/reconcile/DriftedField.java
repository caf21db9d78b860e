package dev.meshwright.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

import dev.meshwright.cluster.LiveObject;
import dev.meshwright.cluster.ObjectGateway;
import dev.meshwright.document.Json;
import dev.meshwright.model.FieldLease;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A field that we pushed and that is not as we pushed it any more. What may be secret is
 * masked in the values.
 *
 * @param path the field as an API server writes it, such as
 * {@code .spec.ports[name="http"].port}
 * @param declared what we pushed; null when it is leased, and not pushed
 * @param live what is there, or null when nothing is
 * @param manager who manages it now; empty when nobody does
 * @param leasedTo to whom it is leased, which is not who manages it; null when it is not
 */
record DriftedField(String path, @Nullable Object declared, @Nullable Object live, String manager,
		@Nullable String leasedTo) {

	/** What every object says of itself, and nobody can change. */
	private static final Set<String> IDENTITY = Set.of(".apiVersion", ".kind", ".metadata.name", ".metadata.namespace");

	/**
	 * The fields that somebody changed or removed. Who changes a field that we own takes
	 * its ownership away, so a field that we still own is as we pushed it, however the
	 * server spells it; only of those that we lost the values are compared.
	 * @param declared what we pushed
	 * @param live the object as it is
	 */
	static List<DriftedField> between(Map<String, Object> declared, LiveObject live) {
		Owners owners = Owners.of(live);
		List<DriftedField> fields = new ArrayList<>();
		walk(new Place("", "", false), declared, live.body(), owners, fields, LiveComparison::includes, true);
		for (FieldLease lease : LeasedFields.strangers(live)) {
			fields.add(new DriftedField(lease.field().toString(), null, Masking.shown(lease.field(), live.body()),
					String.join(", ", LeasedFields.managers(live, lease)), lease.manager()));
		}
		return fields;
	}

	/**
	 * The fields that are not as we sent them although we still own them, which is how an
	 * API server books what an admission webhook changes on the way; none where it keeps
	 * no books.
	 * @param sent what we sent
	 * @param live what it made of it
	 */
	static List<DriftedField> rewritten(Map<String, Object> sent, LiveObject live) {
		if (LiveComparison.includes(live.body(), sent)) {
			return List.of();
		}
		Owners owners = Owners.of(live);
		List<DriftedField> fields = new ArrayList<>();
		if (owners.ours != null) {
			Owners ours = new Owners(owners.ours, Map.of());
			walk(new Place("", "", false), sent, live.body(), ours, fields,
					(there, value) -> Rewriting.same(there, value, live.ref().kind()), false);
		}
		return fields.stream()
			.map((field) -> new DriftedField(field.path, field.declared, field.live, ObjectGateway.FIELD_MANAGER, null))
			.toList();
	}

	/**
	 * Where a value stands.
	 *
	 * @param path the path to it
	 * @param field the name of the field, or of the list that it is an item of
	 * @param secret whether the names on the way to it say that it may be secret
	 */
	private record Place(String path, String field, boolean secret) {

		Place field(Object name, Map<?, ?> declared, Map<?, ?> live) {
			return new Place(this.path + "." + name, String.valueOf(name), this.secret
					|| Masking.isSecret(this.field, name, declared) || Masking.isSecret(this.field, name, live));
		}

		Place item(String selector) {
			return new Place(this.path + selector, this.field, this.secret);
		}

		@Nullable Object shown(@Nullable Object value) {
			return Masking.masked(value, this.field, this.secret);
		}

	}

	private static void walk(Place place, @Nullable Object declared, @Nullable Object live, Owners owners,
			List<DriftedField> fields, BiPredicate<@Nullable Object, @Nullable Object> same, boolean trusting) {
		if (IDENTITY.contains(place.path) || (trusting && owners.oursWhole())) {
			return;
		}
		switch (declared) {
			case Map<?, ?> map when !map.isEmpty() && live instanceof Map<?, ?> values && !owners.theirsWhole() ->
				map.forEach((name, value) -> walk(place.field(name, map, values), value, values.get(name),
						owners.at("f:" + name), fields, same, trusting));
			case List<?> items when owners.keyed() -> items.forEach((item) -> {
				String key = owners.keyOf(item);
				walk(place.item(key.isEmpty() ? "[]" : selector(key)), item, item(live, item, key), owners.at(key),
						fields, same, trusting);
			});
			case null, default -> {
				if (!same.test(live, declared)) {
					fields.add(new DriftedField(place.path, place.shown(declared), place.shown(live), owners.manager(),
							null));
				}
			}
		}
	}

	private static String selector(String key) {
		Object parsed = parse(key);
		if (!(parsed instanceof Map<?, ?> map)) {
			return "[=" + key.substring(2) + "]";
		}
		List<String> parts = new ArrayList<>();
		map.forEach((name, value) -> parts.add(name + "=" + Json.mapper().writeValueAsString(value)));
		return "[" + String.join(",", parts) + "]";
	}

	private static @Nullable Object parse(String key) {
		try {
			return Json.mapper().readValue(key.substring(2), Object.class);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private static @Nullable Object item(@Nullable Object live, @Nullable Object declared, String key) {
		if (!(live instanceof List<?> items)) {
			return null;
		}
		Object wanted = key.isEmpty() ? named(declared) : parse(key);
		return items.stream().filter((item) -> LiveComparison.includes(item, wanted)).findFirst().orElse(null);
	}

	/** How an item that nobody manages would be recognised. */
	private static @Nullable Object named(@Nullable Object declared) {
		return (declared instanceof Map<?, ?> item && item.get("name") != null) ? Map.of("name", item.get("name"))
				: declared;
	}

	/**
	 * Who manages a field and those below it, as {@code managedFields} has it.
	 *
	 * @param ours what we manage below; null when nothing
	 * @param others what others manage below, by manager
	 */
	private record Owners(@Nullable Map<?, ?> ours, Map<String, Map<?, ?>> others) {

		static Owners of(LiveObject live) {
			Map<?, ?> ours = null;
			Map<String, Map<?, ?>> others = new LinkedHashMap<>();
			if (live.body().get("metadata") instanceof Map<?, ?> metadata
					&& metadata.get("managedFields") instanceof List<?> entries) {
				for (Object each : entries) {
					if (each instanceof Map<?, ?> entry && entry.get("fieldsV1") instanceof Map<?, ?> fields) {
						boolean apply = "Apply".equals(entry.get("operation"));
						String manager = String.valueOf(entry.get("manager"));
						if (apply && ObjectGateway.FIELD_MANAGER.equals(manager)) {
							ours = fields;
						}
						else {
							others.put(manager, fields);
						}
					}
				}
			}
			return new Owners(ours, others);
		}

		/** A field that is managed with all that is below it. */
		boolean oursWhole() {
			return this.ours != null && this.ours.isEmpty();
		}

		boolean theirsWhole() {
			return this.others.values().stream().anyMatch(Map::isEmpty);
		}

		Owners at(String step) {
			Map<String, Map<?, ?>> below = new LinkedHashMap<>();
			this.others.forEach((manager, fields) -> {
				if (fields.get(step) instanceof Map<?, ?> field) {
					below.put(manager, field);
				}
			});
			return new Owners((this.ours != null && this.ours.get(step) instanceof Map<?, ?> field) ? field : null,
					below);
		}

		/** Whether anybody manages items of a list rather than the list. */
		boolean keyed() {
			return keys().stream().anyMatch((key) -> key.startsWith("k:") || key.startsWith("v:"));
		}

		private List<String> keys() {
			List<String> keys = new ArrayList<>();
			if (this.ours != null) {
				this.ours.keySet().forEach((key) -> keys.add(String.valueOf(key)));
			}
			this.others.values().forEach((fields) -> fields.keySet().forEach((key) -> keys.add(String.valueOf(key))));
			return keys;
		}

		/** The step to an item; empty when nobody manages one like it. */
		String keyOf(@Nullable Object item) {
			return keys().stream().filter((key) -> names(key, item)).findFirst().orElse("");
		}

		private static boolean names(String key, @Nullable Object item) {
			Object parsed = (key.startsWith("k:") || key.startsWith("v:")) ? parse(key) : null;
			if (parsed instanceof Map<?, ?> fields && item instanceof Map<?, ?> values) {
				// a key that we leave out has the server's default
				return fields.entrySet()
					.stream()
					.allMatch((field) -> values.get(field.getKey()) == null
							|| LiveComparison.includes(values.get(field.getKey()), field.getValue()))
						&& fields.keySet().stream().anyMatch(values::containsKey);
			}
			return parsed != null && LiveComparison.includes(item, parsed);
		}

		String manager() {
			return String.join(", ", this.others.keySet());
		}

	}

}
