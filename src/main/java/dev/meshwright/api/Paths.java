package dev.meshwright.api;

import dev.meshwright.document.Pointers;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.DnsNames;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;

import org.springframework.http.HttpStatus;

/** The paths of resources. */
final class Paths {

	static final String BASE = "/api/v1";

	/**
	 * The plurals of kinds that may live in no namespace; a test compares with the kinds.
	 */
	static final String GLOBAL = "{kind:clusters|namespaces|failover-policies|security-policies}";

	/** The plurals of kinds that may live in a namespace. */
	static final String NAMESPACED = "{kind:services|routing-policies|failover-policies|security-policies|overrides}";

	/** The plurals of all kinds. */
	static final String ANY = "{kind:clusters|namespaces|services|routing-policies|failover-policies|security-policies|overrides}";

	private Paths() {
	}

	/**
	 * The resource that a path names.
	 * @throws ApiFailure 400 when a name is none
	 */
	static ResourceId id(String plural, String namespace, String name) {
		Kind kind = kind(plural);
		if (!namespace.isEmpty()) {
			namespace(namespace);
		}
		if (!isName(kind, name)) {
			throw invalidName("/metadata/name", name);
		}
		return new ResourceId(kind, namespace, name);
	}

	/** Checks the name of a namespace in a path. */
	static String namespace(String namespace) {
		if (!DnsNames.isLabel(namespace)) {
			throw invalidName("/metadata/namespace", namespace);
		}
		return namespace;
	}

	/** Whether a resource of a kind may be called so. */
	static boolean isName(Kind kind, String name) {
		return (kind.scope() == Kind.Scope.GLOBAL) ? DnsNames.isLabel(name) : DnsNames.isSubdomain(name);
	}

	static Kind kind(String plural) {
		return Kind.ofPlural(plural).orElseThrow();
	}

	/** Where a resource is. */
	static String of(ResourceId id) {
		return BASE + (id.namespace().isEmpty() ? "" : "/namespaces/" + id.namespace()) + "/" + id.kind().plural() + "/"
				+ id.name();
	}

	private static ApiFailure invalidName(String pointer, String name) {
		return ApiFailure.of(HttpStatus.BAD_REQUEST, new ShapeError(pointer, "INVALID_NAME", Pointers.shown(name)
				+ " is not a name; write at most 63 lower-case letters, digits and '-', beginning and ending with a letter"
				+ " or digit"));
	}

}
