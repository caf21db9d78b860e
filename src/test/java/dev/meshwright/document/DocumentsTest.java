package dev.meshwright.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class DocumentsTest {

	private static final String BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b]\n";

	@ParameterizedTest
	@MethodSource
	void refusesJson(String text, String code) {
		assertThatExceptionOfType(MalformedDocument.class).isThrownBy(() -> Documents.json(bytes(text)))
			.satisfies((malformed) -> {
				assertThat(malformed.errors().getFirst().code()).isEqualTo(code);
				assertThat(malformed.errors().getFirst().message()).doesNotContain("tools.jackson", "StreamRead");
			});
	}

	static Stream<Arguments> refusesJson() {
		return Stream.of(arguments("", "MALFORMED"), arguments("{", "MALFORMED"), arguments("{} {}", "MALFORMED"),
				arguments("{\"a\":1,\"a\":2}", "MALFORMED"), arguments("{'a':1}", "MALFORMED"),
				arguments("{\"a\":NaN}", "MALFORMED"), arguments("{\"a\":1e999999999}", "OUT_OF_RANGE"),
				arguments("{\"a\":" + "9".repeat(200) + "}", "TOO_LARGE"),
				arguments("[".repeat(10_000) + "]".repeat(10_000), "TOO_LARGE"),
				arguments("{\"a\":\"\\u0000\"}", "INVALID_CHARACTER"),
				arguments("{\"\\ud800\":1}", "INVALID_CHARACTER"));
	}

	@ParameterizedTest
	@MethodSource
	void refusesYaml(String text, String code) {
		assertThatExceptionOfType(MalformedDocument.class).isThrownBy(() -> Documents.yaml(bytes(text)))
			.satisfies((malformed) -> assertThat(malformed.errors().getFirst().code()).isEqualTo(code));
	}

	static Stream<Arguments> refusesYaml() {
		return Stream.of(arguments(BOMB, "REFUSED_YAML"), arguments("a: *b", "REFUSED_YAML"),
				arguments("a: !!java.net.URL [\"http://localhost\"]", "REFUSED_YAML"),
				arguments("a: !!str 1", "REFUSED_YAML"), arguments("!x {a: 1}", "REFUSED_YAML"),
				arguments("{a: 1, a: 2}", "REFUSED_YAML"), arguments("80: x", "REFUSED_YAML"),
				arguments("true: x", "REFUSED_YAML"), arguments("? [a]\n: x", "REFUSED_YAML"),
				arguments("a: 1e999999999", "OUT_OF_RANGE"), arguments("a: .inf", "REFUSED_YAML"),
				arguments("a: " + "9".repeat(200), "REFUSED_YAML"), arguments("a: [", "MALFORMED"),
				arguments("[".repeat(10_000) + "]".repeat(10_000), "TOO_LARGE"),
				arguments("a: \"\\0\"", "INVALID_CHARACTER"));
	}

	@Test
	void refusesWhatIsNotUtf8() {
		assertThatExceptionOfType(MalformedDocument.class)
			.isThrownBy(() -> Documents.json(new byte[] { '"', (byte) 0xff, '"' }));
	}

	@Test
	void readsEveryDocumentOfAStream() {
		List<JsonNode> documents = Documents.yaml(bytes("---\n# nothing\n---\na: 1\n---\nb: [yes, 010, '1', null]\n"));
		assertThat(documents).extracting(JsonNode::toString)
			.containsExactly("{\"a\":1}", "{\"b\":[\"yes\",\"010\",\"1\",null]}");
	}

	@Test
	void quotesWhatCouldBeReadAsSomethingElse() {
		JsonNode tree = Documents.json(bytes("""
				{"image":"nginx:1.29","version":"1.29","answer":"yes","path":"/a b","text":"l1\\nl2\\n","n":80,
				"octal":"010","hex":"0x1F","exp":"1e3","empty":"","x-on":"on","y":1,"d":0.5,"list":[{"a":"b"}]}"""));
		String yaml = Documents.toYaml(tree);
		assertThat(yaml).contains("version: \"1.29\"", "answer: \"yes\"", "path: /a b", "\"y\": 1", "exp: \"1e3\"");
		assertThat(Documents.yaml(bytes(yaml))).containsExactly(tree);
	}

	@Test
	void envelopeSaysEverythingThatIsWrong() {
		Envelope.Reading reading = Envelope.read(Documents.yaml(bytes("""
				apiVersion: v1
				kind: Servcie
				metadata:
				  nmae: x
				  labels: {meshwright.dev/owner: a, app.kubernetes.io/name: b, "-": c, ok: "not ok"}
				  annotations: {istio.io/rev: a, fine: any text}
				stauts: {}
				""")).getFirst());
		assertThat(reading.errors()).extracting((error) -> error.pointer() + " " + error.code())
			.containsExactlyInAnyOrder("/stauts UNKNOWN_FIELD", "/apiVersion UNKNOWN_VALUE", "/kind UNKNOWN_KIND",
					"/metadata/nmae UNKNOWN_FIELD", "/metadata/labels/meshwright.dev~1owner RESERVED_KEY",
					"/metadata/labels/app.kubernetes.io~1name RESERVED_KEY", "/metadata/labels/- INVALID_LABEL",
					"/metadata/labels/ok INVALID_LABEL", "/metadata/annotations/istio.io~1rev RESERVED_KEY",
					"/spec REQUIRED");
	}

	@Test
	void envelopePassesOverWhatTheServerOwns() {
		Envelope.Reading reading = Envelope.read(Documents.json(bytes("""
				{"kind":"Service","metadata":{"name":"a","namespace":"b","uid":"u","resourceVersion":"7","generation":3,
				"revision":7,"creationTimestamp":"x","updatedBy":"y","labels":{"team":"a"}},
				"spec":{"ports":[],"exposure":null},"status":{"a":[]}}""")));
		assertThat(reading.errors()).isEmpty();
		assertThat(reading.envelope().resourceVersion()).contains("7");
		assertThat(reading.envelope().labels()).containsEntry("team", "a");
		assertThat(reading.envelope().spec().propertyNames()).containsExactly("ports");
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
