package dev.meshwright.api;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.meshwright.document.Documents;
import dev.meshwright.document.Json;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** JSON or YAML, in and out, as the headers of a request say. */
final class Formats {

	static final String JSON = MediaType.APPLICATION_JSON_VALUE;

	static final String YAML = "application/yaml";

	private static final MediaType YAML_TYPE = MediaType.parseMediaType(YAML);

	private Formats() {
	}

	/** Reads the one document of a body. */
	static JsonNode document(byte[] body, HttpServletRequest request) {
		if (!isYaml(request.getContentType())) {
			return Documents.json(body);
		}
		List<JsonNode> documents = Documents.yaml(body);
		if (documents.size() != 1) {
			throw ApiFailure.of(HttpStatus.BAD_REQUEST, "MALFORMED",
					"The body has " + documents.size()
							+ " YAML documents and must have one; send several as a change set to " + Paths.BASE
							+ "/change-sets");
		}
		return documents.getFirst();
	}

	static boolean isYaml(@Nullable String contentType) {
		return contentType != null && YAML_TYPE.isCompatibleWith(MediaType.parseMediaType(contentType));
	}

	/** The content type that the caller likes best. */
	static MediaType preferred(HttpServletRequest request) {
		@Nullable String accept = request.getHeader("Accept");
		if (accept == null) {
			return MediaType.APPLICATION_JSON;
		}
		try {
			return yamlFirst(MediaType.parseMediaTypes(accept)) ? YAML_TYPE : MediaType.APPLICATION_JSON;
		}
		catch (InvalidMediaTypeException ex) {
			return MediaType.APPLICATION_JSON;
		}
	}

	private static boolean yamlFirst(List<MediaType> types) {
		double yaml = best(types, YAML_TYPE);
		double json = best(types, MediaType.APPLICATION_JSON);
		return yaml > json || (yaml == json && types.indexOf(YAML_TYPE) == 0);
	}

	private static double best(List<MediaType> types, MediaType wanted) {
		return types.stream()
			.filter((type) -> type.isCompatibleWith(wanted))
			.mapToDouble(MediaType::getQualityValue)
			.max()
			.orElse(0);
	}

	/** Writes a tree, or what Jackson makes one of; only YAML needs the tree itself. */
	static byte[] write(Object view, MediaType type) {
		if (!type.isCompatibleWith(YAML_TYPE)) {
			return Json.mapper().writeValueAsBytes(view);
		}
		JsonNode tree = (view instanceof JsonNode node) ? node : Json.mapper().valueToTree(view);
		return Documents.toYaml(tree).getBytes(StandardCharsets.UTF_8);
	}

}
