package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.meshwright.document.RecordBinder;
import dev.meshwright.document.MalformedDocument;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.DnsNames;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.History;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Restores what was declared at a revision.
 *
 * @param to the revision whose state is restored, 1 to the newest
 * @param scope what is restored
 * @param base the newest revision that the caller has looked at, such as that of a dry
 * run: what was changed since in a way that the rollback would take back is a 409.
 * Absent: whatever is declared now is replaced. Needed where a write would need a
 * precondition, but not by a dry run
 * @param message why, for the history; at most 1,000 characters. Absent: what is restored
 */
record RollbackRequest(long to, Scope scope, @Nullable Long base, @Nullable String message) {

	private static final int MOST_MESSAGE = 1000;

	/**
	 * Reads a body.
	 * @throws MalformedDocument with everything that is wrong
	 */
	static RollbackRequest read(JsonNode body) {
		RollbackRequest request = RecordBinder.bind(RollbackRequest.class, body);
		List<ShapeError> errors = new ArrayList<>();
		request.scope.check(errors);
		if (request.to < 1) {
			errors.add(new ShapeError("/to", "OUT_OF_RANGE", "to must be a revision, 1 or more"));
		}
		checkMessage(request.message, errors);
		if (!errors.isEmpty()) {
			throw new MalformedDocument(errors);
		}
		return request;
	}

	static void checkMessage(@Nullable String message, List<ShapeError> errors) {
		if (message != null && message.length() > MOST_MESSAGE) {
			errors.add(new ShapeError("/message", "TOO_LONG",
					"message must be a text of at most " + MOST_MESSAGE + " characters"));
		}
	}

	/**
	 * What is restored; exactly one of its fields is given.
	 *
	 * @param resource one resource
	 * @param namespace everything that lives in this namespace but Overrides, which are
	 * decided for a time; the Namespace itself, its placement and hosts, is a resource of
	 * its own
	 * @param everything true for all that is declared but Overrides (administrators of
	 * every namespace)
	 */
	record Scope(@Nullable Named resource, @Nullable String namespace, @Nullable Boolean everything) {

		private void check(List<ShapeError> errors) {
			int given = ((this.resource != null) ? 1 : 0) + ((this.namespace != null) ? 1 : 0)
					+ ((this.everything != null) ? 1 : 0);
			if (given != 1 || Boolean.FALSE.equals(this.everything)) {
				errors.add(new ShapeError("/scope", "CONTRADICTION",
						"scope must say exactly one of resource, namespace, and everything: true"));
			}
			if (this.namespace != null && !DnsNames.isLabel(this.namespace)) {
				errors.add(new ShapeError("/scope/namespace", "INVALID_NAME",
						"namespace must be lower-case letters, digits and '-', at most 63 of them"));
			}
			if (this.resource != null) {
				this.resource.id(errors);
			}
		}

		History.Scope scope() {
			if (this.resource != null) {
				return new History.One(this.resource.id(new ArrayList<>()).orElseThrow());
			}
			return (this.namespace != null) ? new History.InNamespace(this.namespace) : new History.Everything();
		}

		@Override
		public String toString() {
			return (this.resource != null) ? this.resource.id(new ArrayList<>()).orElseThrow().toString()
					: (this.namespace != null) ? "namespace " + this.namespace : "everything";
		}

	}

	/**
	 * Names a resource.
	 *
	 * @param kind its kind, such as Service
	 * @param namespace its namespace; absent for what lives in none
	 * @param name its name
	 */
	record Named(String kind, @Nullable String namespace, String name) {

		private Optional<ResourceId> id(List<ShapeError> errors) {
			Optional<Kind> known = Kind.named(this.kind);
			if (known.isEmpty()) {
				errors.add(new ShapeError("/scope/resource/kind", "UNKNOWN_VALUE", "There is no such kind"));
				return Optional.empty();
			}
			String home = (this.namespace != null) ? this.namespace : "";
			if (!known.get().scope().admits(home) || (!home.isEmpty() && !DnsNames.isLabel(home))) {
				errors.add(new ShapeError("/scope/resource/namespace", "INVALID_NAME",
						this.kind + (known.get().scope().admits("") ? " may live in no namespace; leave it out"
								: " lives in a namespace; name it")));
				return Optional.empty();
			}
			if (!Paths.isName(known.get(), this.name)) {
				errors.add(new ShapeError("/scope/resource/name", "INVALID_NAME",
						"name must be lower-case letters, digits and '-', at most 63 of them"));
				return Optional.empty();
			}
			return Optional.of(new ResourceId(known.get(), home, this.name));
		}

	}

}
