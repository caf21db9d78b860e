package dev.meshwright.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LeftoverPostmasterTest {

	@TempDir
	Path data;

	@Test
	void noFileIsNoServer() throws IOException {
		assertThat(LeftoverPostmaster.on(this.data)).isEmpty();
	}

	@Test
	void aFileThatWasCutOffIsNoServer() throws IOException {
		Files.writeString(this.data.resolve("postmaster.pid"), "");
		assertThat(LeftoverPostmaster.on(this.data)).isEmpty();
		Files.writeString(this.data.resolve("postmaster.pid"), "not a number\n");
		assertThat(LeftoverPostmaster.on(this.data)).isEmpty();
	}

	@Test
	void aProcessThatReusedTheIdIsNotTouched() throws IOException, InterruptedException {
		Process other = new ProcessBuilder("sleep", "60").start();
		try {
			Files.writeString(this.data.resolve("postmaster.pid"), other.pid() + "\n" + this.data + "\n0\n5432\n");
			assertThat(LeftoverPostmaster.on(this.data)).isEmpty();
			assertThat(other.isAlive()).isTrue();
		}
		finally {
			other.destroy();
			other.waitFor();
		}
	}

	@Test
	void theServerOfAnotherDirectoryIsNotOurs() throws IOException, InterruptedException {
		Process other = postgresLookalike(this.data.resolve("elsewhere"));
		try {
			Files.writeString(this.data.resolve("postmaster.pid"), other.pid() + "\n");
			assertThat(LeftoverPostmaster.on(this.data)).isEmpty();
		}
		finally {
			other.destroy();
			other.waitFor();
		}
	}

	/**
	 * A process whose program is called postgres and that was started on a directory.
	 */
	private Process postgresLookalike(Path directory) throws IOException {
		Path program = this.data.resolve("postgres");
		Path shell = Path.of("/bin/sh").toRealPath();
		Files.copy(shell, program);
		program.toFile().setExecutable(true);
		return new ProcessBuilder(program.toString(), "-c", "read line", "-D", directory.toString()).start();
	}

}
