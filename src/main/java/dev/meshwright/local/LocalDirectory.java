package dev.meshwright.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The directory in which the local run keeps everything, {@code .meshwright} by default.
 * Only its owner may enter it (0700) and read its files (0600), also when it was made
 * with wider modes before. One process at a time has it open; the lock goes with the
 * process, however that ends.
 */
final class LocalDirectory implements AutoCloseable {

	private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

	private static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");

	private final Path root;

	private final FileChannel lock;

	private LocalDirectory(Path root, FileChannel lock) {
		this.root = root;
		this.lock = lock;
	}

	/**
	 * Makes the directory where it is missing and takes it for this process.
	 * @throws LocalRunFailure another process has it, or it cannot be made
	 */
	static LocalDirectory open(Path path) {
		Path root = path.toAbsolutePath().normalize();
		try {
			ownerOnlyDirectory(root);
			ownerOnlyDirectory(root.resolve("kubeconfigs"));
			ownerOnlyDirectory(root.resolve("sandbox"));
			ownerOnlyFile(root.resolve("lock"));
			return new LocalDirectory(root.toRealPath(), lock(root.resolve("lock")));
		}
		catch (IOException ex) {
			throw new LocalRunFailure("The directory " + root + " cannot be prepared: " + ex,
					"Make it writable for the user that starts Meshwright, or choose another one with the property"
							+ " meshwright.local.directory.",
					ex);
		}
	}

	private static FileChannel lock(Path file) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
		if (tryLock(channel) == null) {
			channel.close();
			throw new LocalRunFailure("Another Meshwright is running on " + file.getParent() + ".",
					"Stop it, or start this one in another directory (property meshwright.local.directory) and on another"
							+ " port (server.port).",
					null);
		}
		return channel;
	}

	private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
	}

	Path postgresData() {
		return this.root.resolve("postgres");
	}

	/** Where Postgres is unpacked, which leaves the directory open to all: ask again. */
	Path postgresBinaries() throws IOException {
		return ownerOnlyDirectory(this.root.resolve("postgres-binaries"));
	}

	/** An empty file for what Postgres has to say during this run. */
	Path postgresLog() throws IOException {
		Path file = this.root.resolve("postgres.log");
		Files.deleteIfExists(file);
		return ownerOnlyFile(file);
	}

	/** The file with the database password, random, made once. */
	Path postgresPassword() throws IOException {
		return secret(this.root.resolve("postgres-password"));
	}

	/** The file with the first admin's token, random, made once. */
	Path token() throws IOException {
		return secret(this.root.resolve("token"));
	}

	/** Gives the directory free for another process. */
	@Override
	public void close() throws IOException {
		this.lock.close();
	}

	private static Path secret(Path file) throws IOException {
		if (Files.exists(file) && Files.size(file) > 0) {
			Files.setPosixFilePermissions(file, OWNER_ONLY_FILE);
			return file;
		}
		byte[] random = new byte[32];
		new SecureRandom().nextBytes(random);
		Path written = file.resolveSibling(file.getFileName() + ".new");
		Files.deleteIfExists(written);
		ownerOnlyFile(written);
		Files.writeString(written, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n",
				StandardOpenOption.WRITE, StandardOpenOption.SYNC);
		return Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
	}

	private static Path ownerOnlyFile(Path file) throws IOException {
		if (!Files.exists(file)) {
			Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FILE));
		}
		return Files.setPosixFilePermissions(file, OWNER_ONLY_FILE);
	}

	private static Path ownerOnlyDirectory(Path directory) throws IOException {
		if (!Files.isDirectory(directory)) {
			Files.createDirectories(directory.toAbsolutePath().getParent());
			Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY_DIRECTORY));
		}
		return Files.setPosixFilePermissions(directory, OWNER_ONLY_DIRECTORY);
	}

}
