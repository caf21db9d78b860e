package dev.meshwright.model;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DiagnosticTextsTest {

	@Test
	void everyCodeHasItsTextsAndEveryTextItsCode() {
		Set<String> known = new HashSet<>();
		for (DiagnosticCode code : DiagnosticCode.values()) {
			assertThat(code.description()).endsWith(".");
			assertThat(code.remedy()).isNotBlank();
			assertThat(code.references()).allMatch((reference) -> reference.matches("(IST|KIA)[0-9]{4}"));
			known.add(code + ".description");
			known.add(code + ".remedy");
			known.add(code + ".references");
		}
		assertThat(known).containsAll(DiagnosticTexts.keys());
	}

}
