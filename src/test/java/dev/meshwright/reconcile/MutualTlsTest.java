package dev.meshwright.reconcile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What is pushed before the break is as strict as the old and as the new declaration. */
class MutualTlsTest {

	static Stream<Arguments> tightens() {
		return Stream.of(arguments("PERMISSIVE", "STRICT", "STRICT"), arguments("STRICT", "PERMISSIVE", "STRICT"),
				arguments("STRICT", "DISABLE", "STRICT"), arguments("DISABLE", "PERMISSIVE", "DISABLE"),
				arguments("STRICT", "STRICT", "STRICT"), arguments("STRICT", " 80 STRICT", "STRICT 80 STRICT"),
				arguments("STRICT", "STRICT 80 PERMISSIVE", "STRICT 80 STRICT"),
				arguments("STRICT 80 PERMISSIVE", "STRICT", "STRICT"),
				arguments("PERMISSIVE 80 STRICT", "STRICT 80 PERMISSIVE", "STRICT 80 STRICT"),
				arguments("PERMISSIVE 80 STRICT", "PERMISSIVE", "PERMISSIVE 80 STRICT"),
				arguments(" 80 STRICT", " 81 STRICT", " 80 STRICT 81 STRICT"),
				arguments("none", "PERMISSIVE", "PERMISSIVE"));
	}

	@ParameterizedTest
	@MethodSource
	void tightens(String old, String declared, String pushed) {
		assertThat(MutualTls.tighten(body(declared), body(old))).isEqualTo(body(pushed));
	}

	/** A mode of all ports, then ports with theirs. */
	private static Map<String, Object> body(String text) {
		if (text.equals("none")) {
			return Map.of();
		}
		String[] words = text.split(" ");
		Map<String, Object> spec = new LinkedHashMap<>();
		spec.put("selector", Map.of("matchLabels", Map.of("app", "web")));
		if (!words[0].isEmpty()) {
			spec.put("mtls", Map.of("mode", words[0]));
		}
		Map<String, Object> ports = new LinkedHashMap<>();
		for (int index = 1; index < words.length; index += 2) {
			ports.put(words[index], Map.of("mode", words[index + 1]));
		}
		if (!ports.isEmpty()) {
			spec.put("portLevelMtls", ports);
		}
		return Map.of("kind", "PeerAuthentication", "spec", spec);
	}

}
