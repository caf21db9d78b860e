package dev.meshwright.cluster;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Everything needed to reach one API server. Two equal ones reach it in the same way.
 *
 * @param server the https address, without a slash at the end
 * @param authority certificates (PEM) of the authorities that may have signed the
 * server's; absent means the JDK's
 * @param certificate our client certificate (PEM), with {@code key}
 * @param key our private key (PEM)
 * @param token a bearer token
 * @param tokenFile a file that holds a bearer token, read again as it is renewed
 * @param username for HTTP basic authentication, with {@code password}
 * @param password the password
 * @param exec a program that gives bearer tokens
 */
record ApiAccess(String server, @Nullable String authority, @Nullable String certificate, @Nullable String key,
		@Nullable String token, @Nullable Path tokenFile, @Nullable String username, @Nullable String password,
		@Nullable ExecPlugin exec) {

	/** Without a program. */
	ApiAccess(String server, @Nullable String authority, @Nullable String certificate, @Nullable String key,
			@Nullable String token, @Nullable Path tokenFile, @Nullable String username, @Nullable String password) {
		this(server, authority, certificate, key, token, tokenFile, username, password, null);
	}

	/** The address only: nothing secret can reach a log. */
	@Override
	public String toString() {
		return this.server;
	}

}
