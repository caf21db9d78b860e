package dev.meshwright.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.meshwright.model.DiagnosticCode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The page that users read is the catalogue, nothing else. */
class DiagnosticCatalogueTest {

	private static final Path PAGE = Path.of("docs/diagnostics.md");

	@Test
	void pageShowsTheCatalogue() throws IOException {
		String expected = page();
		if (Boolean.getBoolean("golden.update")) {
			Files.writeString(PAGE, expected);
		}
		assertThat(PAGE).as("run with -Dgolden.update=true to rewrite %s", PAGE).hasContent(expected);
	}

	private static String page() {
		StringBuilder page = new StringBuilder("""
				# Diagnostics

				What the compiler may say about a declaration. An ERROR refuses the write that introduces it, a WARNING
				does not. `…` stands for what the finding fills in; the last column names the codes of istioctl analyze
				(IST) and Kiali (KIA) that speak of the same.

				| code | severity | meaning | remedy | see also |
				| --- | --- | --- | --- | --- |
				""");
		for (DiagnosticCode code : DiagnosticCode.values()) {
			page.append("| `")
				.append(code)
				.append("` | ")
				.append(code.severity())
				.append(" | ")
				.append(code.description())
				.append(" | ")
				.append(code.remedy().replace("%s", "…").replace("|", "\\|"))
				.append(" | ")
				.append(String.join(", ", code.references()))
				.append(" |\n");
		}
		return page.toString();
	}

}
