package dev.meshwright.document;

import java.util.Set;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import tools.jackson.dataformat.yaml.util.StringQuotingChecker;

/**
 * Writes YAML that every reader, of YAML 1.1 too, takes for the same values: a text that
 * could be read as anything else is quoted.
 */
final class YamlWriter {

	private static final YAMLMapper MAPPER = YAMLMapper
		.builder(YAMLFactory.builder()
			.stringQuotingChecker(new Careful())
			.enable(YAMLWriteFeature.MINIMIZE_QUOTES, YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
			.disable(YAMLWriteFeature.WRITE_DOC_START_MARKER, YAMLWriteFeature.SPLIT_LINES)
			.build())
		.build();

	private YamlWriter() {
	}

	static String write(JsonNode tree) {
		return MAPPER.writeValueAsString(tree);
	}

	private static final class Careful extends StringQuotingChecker {

		private static final long serialVersionUID = 1L;

		private static final Pattern PLAIN = Pattern.compile("[A-Za-z/](?:[A-Za-z0-9._/-]| (?! ))*(?<! )");

		private static final Set<String> WORDS = Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

		@Override
		public boolean needToQuoteName(String name) {
			return needToQuoteValue(name);
		}

		@Override
		public boolean needToQuoteValue(String value) {
			return value.length() > 200 || !PLAIN.matcher(value).matches()
					|| WORDS.contains(value.toLowerCase(java.util.Locale.ROOT));
		}

	}

}
