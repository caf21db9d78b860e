package dev.meshwright.compile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.model.FieldLease;
import dev.meshwright.model.ObjectField;
import dev.meshwright.model.ObjectField.Step;
import dev.meshwright.model.ObjectKind;

/**
 * What of which kind may be left to another manager: how much runs, what runs, and how
 * requests are divided. Never what decides who may reach whom, which pods are meant or
 * whose an object is.
 */
enum LeasableFields {

	DEPLOYMENT(ObjectKind.DEPLOYMENT, ".spec.replicas", ".spec.template.spec.containers[name=\"*\"].image",
			".spec.template.spec.containers[name=\"*\"].resources"),

	HORIZONTAL_POD_AUTOSCALER(ObjectKind.HORIZONTAL_POD_AUTOSCALER, ".spec.minReplicas", ".spec.maxReplicas"),

	/** An API server keeps the list as one field, so weights cannot be leased alone. */
	VIRTUAL_SERVICE(ObjectKind.VIRTUAL_SERVICE, ".spec.http"),

	/** As with a VirtualService. */
	HTTP_ROUTE(ObjectKind.HTTP_ROUTE, ".spec.rules");

	private static final String ANY = "*";

	private final ObjectKind kind;

	private final List<ObjectField> fields;

	LeasableFields(ObjectKind kind, String... fields) {
		this.kind = kind;
		this.fields = Stream.of(fields).map(ObjectField::of).toList();
	}

	/** The fields of a kind by its name, or empty when nothing of it can be leased. */
	static Optional<LeasableFields> of(String kind) {
		return Stream.of(values()).filter((each) -> each.kind.kind().equals(kind)).findFirst();
	}

	/** The names of the kinds of which something can be leased. */
	static List<String> kinds() {
		return Stream.of(values()).map((each) -> each.kind.kind()).toList();
	}

	ObjectKind kind() {
		return this.kind;
	}

	/** How the fields are spelled; {@code *} stands for any name. */
	List<String> paths() {
		return this.fields.stream().map(ObjectField::toString).toList();
	}

	/** The field of a path, if it can be leased. */
	Optional<ObjectField> field(String path) {
		return ObjectField.parse(path)
			.filter((field) -> this.fields.stream().anyMatch((leasable) -> matches(leasable, field)));
	}

	private static boolean matches(ObjectField leasable, ObjectField field) {
		if (leasable.steps().size() != field.steps().size()) {
			return false;
		}
		for (int index = 0; index < field.steps().size(); index++) {
			Step step = field.steps().get(index);
			Step allowed = leasable.steps().get(index);
			boolean any = ANY.equals(allowed.item()) && step.item() != null && !FieldLease.isAmbiguous(step.item())
					&& step.name().equals(allowed.name());
			if (!any && !step.equals(allowed)) {
				return false;
			}
		}
		return true;
	}

}
