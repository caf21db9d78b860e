package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TokenFileTest {

	private static final Instant THEN = Instant.parse("2030-01-01T00:00:00Z");

	@TempDir
	private Path directory;

	@Test
	void aTokenThatIsRotatedCountsAtOnce() throws IOException {
		TokenFile token = new TokenFile(write("one", THEN));
		assertThat(token.token()).isEqualTo("one");
		write("two\n", THEN.plusSeconds(1));
		assertThat(token.token()).isEqualTo("two");
	}

	/** The kubelet swaps a symbolic link to a directory. */
	@Test
	void aLinkThatLeadsElsewhereCounts() throws IOException {
		for (String version : new String[] { "first", "second" }) {
			Path data = Files.createDirectory(this.directory.resolve(version));
			Files.setLastModifiedTime(Files.writeString(data.resolve("token"), version),
					FileTime.from(THEN.plusSeconds(version.length())));
		}
		Path data = this.directory.resolve("..data");
		Files.createSymbolicLink(data, Path.of("first"));
		Files.createSymbolicLink(this.directory.resolve("token"), Path.of("..data", "token"));
		TokenFile token = new TokenFile(this.directory.resolve("token"));
		assertThat(token.token()).isEqualTo("first");
		Files.delete(data);
		assertThat(token.token()).as("the last one while there is none").isEqualTo("first");
		Files.createSymbolicLink(data, Path.of("second"));
		assertThat(token.token()).isEqualTo("second");
	}

	@Test
	void withoutAFileThereIsNoToken() {
		assertThatExceptionOfType(ClusterFailure.Forbidden.class)
			.isThrownBy(() -> new TokenFile(this.directory.resolve("token")).token())
			.withMessageContaining("token file");
	}

	private Path write(String token, Instant modified) throws IOException {
		Path file = Files.writeString(this.directory.resolve("token"), token);
		Files.setLastModifiedTime(file, FileTime.from(modified));
		return file;
	}

}
