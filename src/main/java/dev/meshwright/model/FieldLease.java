package dev.meshwright.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A field of an object that is left to another field manager. The object carries an
 * annotation that says so: whoever looks at it sees why the field is not set, and whoever
 * compares it knows whose values are to be left alone.
 *
 * @param field the field
 * @param manager the field manager that it is left to
 * @param expiresAt when it comes back to us, by the clock of the database; null means
 * when the lease is taken out of the declaration
 * @param declared the value that it has without the lease, null where that is not known:
 * what a new object begins with, and what a value of anybody else is set back to
 */
public record FieldLease(ObjectField field, String manager, @Nullable Instant expiresAt, @Nullable Object declared) {

	/** The annotation, {@code <field>=<manager>} with {@code "; "} between them. */
	public static final String ANNOTATION = "meshwright.dev/leases";

	/** Whether a name has a character that the annotation gives a meaning. */
	public static boolean isAmbiguous(String name) {
		return name.indexOf(';') >= 0 || name.indexOf('=') >= 0;
	}

	/** Whether it is in force at a time. */
	public boolean holds(Instant now) {
		return this.expiresAt == null || now.isBefore(this.expiresAt);
	}

	/** A body without the leased fields, and with the annotation that names them. */
	static Map<String, Object> on(Map<String, Object> body, List<FieldLease> leases) {
		Map<String, Object> reduced = body;
		for (FieldLease lease : leases) {
			reduced = lease.field.without(reduced);
		}
		Map<String, Object> metadata = ObjectField.map(reduced.get("metadata"));
		Map<String, Object> annotations = ObjectField.map(metadata.get("annotations"));
		annotations.put(ANNOTATION,
				leases.stream()
					.map((lease) -> lease.field + "=" + lease.manager)
					.sorted()
					.collect(Collectors.joining("; ")));
		metadata.put("annotations", annotations);
		Map<String, Object> leased = new LinkedHashMap<>(reduced);
		leased.put("metadata", metadata);
		return leased;
	}

	/** The leases that an object names, live or as it was pushed. */
	public static List<FieldLease> of(Map<String, Object> body) {
		List<FieldLease> leases = new ArrayList<>();
		if (body.get("metadata") instanceof Map<?, ?> metadata
				&& metadata.get("annotations") instanceof Map<?, ?> annotations
				&& annotations.get(ANNOTATION) instanceof String said) {
			for (String each : said.split(";")) {
				int equals = each.lastIndexOf('=');
				if (equals > 0) {
					ObjectField.parse(each.substring(0, equals).strip())
						.ifPresent((field) -> leases
							.add(new FieldLease(field, each.substring(equals + 1).strip(), null, null)));
				}
			}
		}
		return leases;
	}

}
