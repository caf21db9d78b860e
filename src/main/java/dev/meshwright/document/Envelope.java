package dev.meshwright.document;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.meshwright.model.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource as it is sent: what names it, what must hold of the stored one, and its
 * spec, not yet bound.
 *
 * @param kind its kind, if it says
 * @param namespace its namespace, if it says
 * @param name its name, if it says
 * @param resourceVersion the resourceVersion that the stored one must have, if it says
 * @param uid the uid that the stored one must have, if it says
 * @param labels its labels
 * @param annotations its annotations
 * @param spec its spec as sent, without fields that are null
 */
public record Envelope(Optional<Kind> kind, Optional<String> namespace, Optional<String> name,
		Optional<String> resourceVersion, Optional<String> uid, Map<String, String> labels,
		Map<String, String> annotations, ObjectNode spec) {

	/** The apiVersion of every resource. */
	public static final String API_VERSION = "meshwright.dev/v1";

	/**
	 * Reads an envelope: {@code {apiVersion?, kind?, metadata?, spec, status?}}. Status
	 * and what the server owns of metadata are passed over.
	 */
	public static Reading read(JsonNode document) {
		return new EnvelopeReader().read(document);
	}

	/**
	 * An envelope with everything that is wrong with it.
	 *
	 * @param envelope what could be read
	 * @param errors what could not
	 */
	public record Reading(Envelope envelope, List<ShapeError> errors) {
	}

}
