package dev.meshwright.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LocalDirectoryTest {

	@TempDir
	Path temporary;

	@Test
	void onlyTheOwnerMayReadWhatIsInIt() throws IOException {
		Path root = this.temporary.resolve(".meshwright");
		try (LocalDirectory directory = LocalDirectory.open(root)) {
			assertThat(mode(root)).isEqualTo("rwx------");
			assertThat(mode(root.resolve("kubeconfigs"))).isEqualTo("rwx------");
			assertThat(mode(root.resolve("sandbox"))).isEqualTo("rwx------");
			assertThat(mode(directory.token())).isEqualTo("rw-------");
			assertThat(mode(directory.postgresPassword())).isEqualTo("rw-------");
			assertThat(mode(directory.postgresLog())).isEqualTo("rw-------");
		}
	}

	@Test
	void modesThatWereWiderAreTightened() throws IOException {
		Path root = Files.createDirectory(this.temporary.resolve(".meshwright"));
		Path token = Files.writeString(root.resolve("token"), "a-token-that-somebody-brought-along-here");
		Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
		Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
		try (LocalDirectory directory = LocalDirectory.open(root)) {
			assertThat(mode(root)).isEqualTo("rwx------");
			assertThat(mode(directory.token())).isEqualTo("rw-------");
			assertThat(token).hasContent("a-token-that-somebody-brought-along-here");
		}
	}

	@Test
	void theTokenIsMadeOnceAndNoTwoAreAlike() throws IOException {
		String token;
		try (LocalDirectory directory = LocalDirectory.open(this.temporary.resolve("one"))) {
			token = Files.readString(directory.token());
			assertThat(token.strip()).hasSizeGreaterThanOrEqualTo(43);
			assertThat(Files.readString(directory.postgresPassword())).isNotEqualTo(token);
		}
		try (LocalDirectory directory = LocalDirectory.open(this.temporary.resolve("one"))) {
			assertThat(directory.token()).hasContent(token);
		}
		try (LocalDirectory other = LocalDirectory.open(this.temporary.resolve("two"))) {
			assertThat(Files.readString(other.token())).isNotEqualTo(token);
		}
	}

	@Test
	void aSecondOneOnTheSameDirectoryIsRefused() throws IOException {
		try (LocalDirectory first = LocalDirectory.open(this.temporary.resolve("same"))) {
			assertThat(first.token()).exists();
			assertThatExceptionOfType(LocalRunFailure.class)
				.isThrownBy(() -> LocalDirectory.open(this.temporary.resolve("same")))
				.withMessageContaining("Another Meshwright is running on");
		}
		LocalDirectory.open(this.temporary.resolve("same")).close();
	}

	private static String mode(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

}
