package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.meshwright.document.BoundSpec;
import dev.meshwright.document.Envelope;
import dev.meshwright.document.Pointers;
import dev.meshwright.document.ShapeError;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.DnsNames;
import dev.meshwright.model.Kind;
import dev.meshwright.model.LayeredPolicy;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Spec;
import dev.meshwright.store.Change;
import tools.jackson.databind.JsonNode;

/** Reads documents as changes, collecting every error of shape. */
final class Declarations {

	private Declarations() {
	}

	/**
	 * Reads the document of a resource whose path is known.
	 * @param id the resource that the path names; what the document says must not differ
	 */
	static Reading at(ResourceId id, JsonNode document) {
		Envelope.Reading reading = Envelope.read(document);
		Envelope envelope = reading.envelope();
		List<ShapeError> errors = new ArrayList<>(reading.errors());
		same("/kind", id.kind().toString(), envelope.kind().map(Kind::toString), errors);
		same("/metadata/namespace", id.namespace(), envelope.namespace(), errors);
		same("/metadata/name", id.name(), envelope.name(), errors);
		return bound(id, envelope, errors);
	}

	/** Reads a document that must name its resource itself. */
	static Reading named(JsonNode document) {
		Envelope.Reading reading = Envelope.read(document);
		List<ShapeError> errors = new ArrayList<>(reading.errors());
		Optional<ResourceId> id = id(reading.envelope(), errors);
		return id.map((found) -> bound(found, reading.envelope(), errors))
			.orElseGet(() -> new Reading(Optional.empty(), errors));
	}

	/** The resource that an envelope names. */
	static Optional<ResourceId> id(Envelope envelope, List<ShapeError> errors) {
		int before = errors.size();
		String name = envelope.name().orElse("");
		String namespace = envelope.namespace().orElse("");
		if (envelope.kind().isEmpty()) {
			if (errors.stream().noneMatch((error) -> error.pointer().equals("/kind"))) {
				errors.add(new ShapeError("/kind", "REQUIRED", "kind is missing: it must be given"));
			}
			return Optional.empty();
		}
		Kind kind = envelope.kind().get();
		if (!Paths.isName(kind, name)) {
			errors.add(new ShapeError("/metadata/name", name.isEmpty() ? "REQUIRED" : "INVALID_NAME",
					"metadata.name must be lower-case letters, digits and '-', at most 63 of them"));
		}
		boolean needed = !kind.scope().admits("");
		if (kind.scope() != Kind.Scope.GLOBAL && !DnsNames.isLabel(namespace) && (needed || !namespace.isEmpty())) {
			errors.add(new ShapeError("/metadata/namespace", namespace.isEmpty() ? "REQUIRED" : "INVALID_NAME",
					"metadata.namespace must be lower-case letters, digits and '-', at most 63 of them"));
		}
		if (kind.scope() == Kind.Scope.GLOBAL && !namespace.isEmpty()) {
			errors.add(new ShapeError("/metadata/namespace", "UNKNOWN_FIELD",
					"A " + kind + " lives in no namespace; take metadata.namespace out"));
		}
		return (errors.size() > before) ? Optional.empty() : Optional.of(new ResourceId(kind, namespace, name));
	}

	private static Reading bound(ResourceId id, Envelope envelope, List<ShapeError> errors) {
		boolean noSpec = errors.stream().anyMatch((error) -> error.pointer().equals("/spec"));
		BoundSpec bound = noSpec ? new BoundSpec(Optional.empty(), List.of())
				: SpecBinder.bind(id.kind(), envelope.spec());
		errors.addAll(bound.errors());
		bound.spec().ifPresent((spec) -> target(id, spec, errors));
		if (!errors.isEmpty() || bound.spec().isEmpty()) {
			return new Reading(Optional.empty(), errors);
		}
		return new Reading(Optional.of(new Declared(envelope, new Change.Put(id, bound.spec().get(), envelope.spec(),
				envelope.labels(), envelope.annotations(), Preconditions.of(envelope)))), errors);
	}

	/** What holds for the platform is for no service of a namespace. */
	private static void target(ResourceId id, Spec spec, List<ShapeError> errors) {
		if (id.namespace().isEmpty() && spec instanceof LayeredPolicy policy && policy.service() != null) {
			errors.add(new ShapeError("/spec/service", "CONTRADICTION",
					"A policy for the platform names no service; give metadata.namespace, or take service out"));
		}
	}

	private static void same(String pointer, String expected, Optional<String> said, List<ShapeError> errors) {
		said.filter((text) -> !text.equals(expected)).ifPresent((text) -> {
			if (errors.stream().noneMatch((error) -> error.pointer().equals(pointer))) {
				errors.add(new ShapeError(pointer, "CONTRADICTION", Pointers.shown(text)
						+ " is not what the path says (" + Pointers.shown(expected) + "); correct it or leave it out"));
			}
		});
	}

	/**
	 * A document that was read.
	 *
	 * @param declared what it declares; empty exactly when there are errors
	 * @param errors everything that is wrong
	 */
	record Reading(Optional<Declared> declared, List<ShapeError> errors) {
	}

	/**
	 * A declaration of the right shape.
	 *
	 * @param envelope the envelope
	 * @param put the change; its precondition is what the body says
	 */
	record Declared(Envelope envelope, Change.Put put) {

		Change.Put with(Change.Precondition precondition) {
			return new Change.Put(this.put.id(), this.put.spec(), this.put.specTree(), this.put.labels(),
					this.put.annotations(), precondition);
		}

	}

}
