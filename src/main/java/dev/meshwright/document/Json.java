package dev.meshwright.document;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON mapper of everything that Meshwright itself reads and writes. */
public final class Json {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	private Json() {
	}

	/**
	 * The mapper: durations as Kubernetes writes them, enums by their text, absent for
	 * null.
	 */
	public static JsonMapper mapper() {
		return MAPPER;
	}

}
