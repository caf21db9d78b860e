package dev.meshwright.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenApiE2E extends ServedApi {

	private static final Path DOCUMENT = Path.of("openapi", "meshwright.yaml");

	@Test
	void theDocumentThatIsCheckedInIsTheOneServed() throws IOException {
		Answered served = get("/v3/api-docs.yaml");
		assertThat(served.status()).isEqualTo(200);
		if (Boolean.getBoolean("golden.update")) {
			Files.writeString(DOCUMENT, served.text());
		}
		assertThat(Files.readString(DOCUMENT)).as("run the test with -Dgolden.update=true to write " + DOCUMENT)
			.isEqualTo(served.text());
	}

}
