package dev.meshwright.document;

import tools.jackson.databind.JsonNode;

/** Binds the body of a request that is no resource to a record, as strictly as a spec. */
public final class BodyBinder {

	private BodyBinder() {
	}

	/**
	 * Binds a body. A component is required unless it is {@code @Nullable}.
	 * @param type the record
	 * @param body the document
	 * @throws MalformedDocument with every error and its pointer
	 */
	public static <T extends Record> T bind(Class<T> type, JsonNode body) {
		RecordBinding binding = new RecordBinding();
		Object bound = binding.bind(type, body, "");
		if (bound == null) {
			throw new MalformedDocument(binding.errors());
		}
		return type.cast(bound);
	}

}
