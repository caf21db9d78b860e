package dev.meshwright.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A bearer token in a file that somebody else renews, as the kubelet does with a service
 * account's.
 */
final class TokenFile {

	private final Path file;

	private volatile Known known = new Known("", FileTime.fromMillis(0));

	/** The token that was read last, and the age of the file then. */
	private record Known(String token, FileTime modified) {
	}

	TokenFile(Path file) {
		this.file = file;
	}

	/** The token as it is now; the last one known while the file cannot be read. */
	String token() {
		Known last = this.known;
		try {
			FileTime modified = Files.getLastModifiedTime(this.file);
			if (last.token.isEmpty() || !modified.equals(last.modified)) {
				last = new Known(Files.readString(this.file).strip(), modified);
				this.known = last;
			}
		}
		catch (IOException ex) {
			if (last.token.isEmpty()) {
				throw new ClusterFailure.Forbidden("the token file " + this.file.getFileName() + " cannot be read");
			}
		}
		return last.token;
	}

}
