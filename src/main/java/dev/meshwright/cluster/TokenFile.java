package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A bearer token in a file that somebody else renews, as the kubelet does with a service
 * account's.
 */
final class TokenFile {

	private static final Duration KEEP = Duration.ofSeconds(30);

	private final Path file;

	private volatile String token = "";

	private volatile long readAt;

	TokenFile(Path file) {
		this.file = file;
	}

	/** The token, at most 30 s old; the last one known while the file cannot be read. */
	String token() {
		long now = System.nanoTime();
		if (this.token.isEmpty() || now - this.readAt > KEEP.toNanos()) {
			try {
				this.token = Files.readString(this.file).strip();
				this.readAt = now;
			}
			catch (IOException ex) {
				if (this.token.isEmpty()) {
					throw new ClusterFailure.Forbidden("the token file " + this.file.getFileName() + " cannot be read");
				}
			}
		}
		return this.token;
	}

}
