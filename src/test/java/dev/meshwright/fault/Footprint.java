package dev.meshwright.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a running process holds on to.
 *
 * @param sockets its open sockets
 * @param watches its threads, virtual ones too, that follow a watch
 */
record Footprint(long sockets, long watches) {

	private static final String WATCH = "\"watch-";

	/** Looks at a process of a JVM. */
	static Footprint of(long pid) {
		try {
			return new Footprint(sockets(pid), watches(pid));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static long sockets(long pid) throws IOException {
		try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
			return open.filter(Footprint::isSocket).count();
		}
	}

	private static boolean isSocket(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
		}
		catch (NoSuchFileException ex) {
			// it was closed meanwhile
			return false;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static long watches(long pid) throws IOException, InterruptedException {
		Path file = Files.createTempFile("threads-", ".json");
		try {
			Process dump = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
					String.valueOf(pid), "Thread.dump_to_file", "-overwrite", "-format=json", file.toString())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			if (dump.waitFor() != 0) {
				throw new IllegalStateException("jcmd cannot look at process " + pid);
			}
			try (Stream<String> lines = Files.lines(file)) {
				return lines.filter((line) -> line.contains(WATCH)).count();
			}
		}
		finally {
			Files.delete(file);
		}
	}

}
