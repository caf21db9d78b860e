package dev.meshwright.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.meshwright.store.Tokens;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The first admin: an installation without any token could be used by nobody. The token
 * is the content of the file {@code meshwright.bootstrap-token-file}, if that is set, at
 * least 32 characters; it is registered at each start, before the first request is
 * accepted. When the file has another content than at the last start, the token that
 * stood there before is revoked.
 */
@Component
class BootstrapToken implements SmartInitializingSingleton {

	/** The name under which history and audit know the first admin. */
	private static final String OWNER = "admin";

	private static final String SOURCE = "bootstrap";

	private static final int MINIMUM_LENGTH = 32;

	private final String file;

	private final Tokens tokens;

	BootstrapToken(@Value("${meshwright.bootstrap-token-file:}") String file, Tokens tokens) {
		this.file = file;
		this.tokens = tokens;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.file.isEmpty()) {
			return;
		}
		String token = read();
		if (token.length() < MINIMUM_LENGTH) {
			throw new IllegalStateException("The token in " + this.file + " has " + token.length()
					+ " characters and needs at least " + MINIMUM_LENGTH
					+ ". Write a longer random one into the file that meshwright.bootstrap-token-file names.");
		}
		if (!this.tokens.replace(SOURCE, token, OWNER, Roles.ADMIN)) {
			throw new IllegalStateException("The token in " + this.file
					+ " was revoked, by another one that took its place there. Write a new random one into the file "
					+ "that meshwright.bootstrap-token-file names.");
		}
	}

	private String read() {
		try {
			return Files.readString(Path.of(this.file)).strip();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The file " + this.file
					+ " that meshwright.bootstrap-token-file names cannot be read: " + ex.getMessage(), ex);
		}
	}

}
