package dev.meshwright.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The directory into which the operator puts kubeconfigs and the files that they refer
 * to. Nothing outside it can be named, neither by a path nor through a link. Refusals say
 * what is wrong and never what is in a file.
 */
final class KubeconfigDirectory {

	private static final int LARGEST = 1024 * 1024;

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,200}");

	private final @Nullable Path directory;

	private final boolean programsAllowed;

	/**
	 * A directory.
	 * @param directory where it is, or null when none is configured
	 * @param programsAllowed whether its kubeconfigs may name programs to run
	 */
	KubeconfigDirectory(@Nullable Path directory, boolean programsAllowed) {
		this.directory = directory;
		this.programsAllowed = programsAllowed;
	}

	boolean programsAllowed() {
		return this.programsAllowed;
	}

	/** The kubeconfig file of this name. */
	byte[] kubeconfig(String name) {
		if (!NAME.matcher(name).matches() || name.contains("..")) {
			throw refused(name,
					"is not a file name; give the name of a file in the kubeconfig directory, without path");
		}
		return read(name, locate(name, name));
	}

	/** A file that the kubeconfig refers to, relative to the directory or absolute. */
	Path referenced(String kubeconfig, String field, String path) {
		try {
			return locate(kubeconfig, path);
		}
		catch (ClusterFailure.Forbidden ex) {
			throw refused(kubeconfig, "refers with " + field
					+ " to a file that is not in the kubeconfig directory; put it there, or embed it as data");
		}
	}

	/** Reads a file that {@link #referenced} has found. */
	byte[] read(String kubeconfig, Path file) {
		try (InputStream in = Files.newInputStream(file)) {
			byte[] bytes = in.readNBytes(LARGEST + 1);
			if (bytes.length > LARGEST) {
				throw refused(kubeconfig, "or a file that it refers to is larger than 1 MiB");
			}
			return bytes;
		}
		catch (IOException ex) {
			throw refused(kubeconfig, "or a file that it refers to cannot be read; check its permissions");
		}
	}

	static ClusterFailure.Forbidden refused(String kubeconfig, String why) {
		String name = NAME.matcher(kubeconfig).matches() ? kubeconfig : "(not a file name)";
		return new ClusterFailure.Forbidden("kubeconfig " + name + " " + why);
	}

	private Path locate(String kubeconfig, String path) {
		if (this.directory == null) {
			throw refused(kubeconfig,
					"cannot be looked for: no directory is configured; set meshwright.kubeconfig-dir");
		}
		try {
			Path real = this.directory.resolve(path).toRealPath();
			if (!real.startsWith(this.directory.toRealPath())) {
				throw refused(kubeconfig, "leads out of the kubeconfig directory; put the file itself there");
			}
			if (!Files.isRegularFile(real)) {
				throw refused(kubeconfig, "is not a regular file");
			}
			return real;
		}
		catch (IOException | InvalidPathException ex) {
			throw refused(kubeconfig, "is not in the kubeconfig directory; put it there, or name another");
		}
	}

}
