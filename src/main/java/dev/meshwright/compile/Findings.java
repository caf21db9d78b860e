package dev.meshwright.compile;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.ResourceId;

/** Collects what the checks of one compilation have to say, each thing once. */
final class Findings {

	private static final Comparator<Diagnostic> ORDER = Comparator.comparing(Diagnostic::severity)
		.thenComparing(Diagnostic::resource)
		.thenComparing(Diagnostic::pointer)
		.thenComparing(Diagnostic::code)
		.thenComparing(Diagnostic::message);

	private final Set<Diagnostic> diagnostics = new LinkedHashSet<>();

	void add(Diagnostic diagnostic) {
		this.diagnostics.add(diagnostic);
	}

	/** The place from which findings about a resource's spec are reported. */
	At spec(ResourceId resource) {
		return new At(this, resource, "/spec");
	}

	/** The place of a resource's name. */
	At name(ResourceId resource) {
		return new At(this, resource, "/metadata/name");
	}

	boolean hasErrors() {
		return this.diagnostics.stream().anyMatch(Diagnostic::isError);
	}

	/** Everything, errors first, in the same order whoever found it first. */
	List<Diagnostic> sorted() {
		return this.diagnostics.stream().sorted(ORDER).toList();
	}

}
