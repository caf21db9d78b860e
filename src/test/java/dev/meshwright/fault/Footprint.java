package dev.meshwright.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a running process holds on to.
 *
 * @param sockets its open sockets
 * @param watches watches that it follows
 */
record Footprint(long sockets, long watches) {

	/** A line of a class histogram: number, instances, bytes, class. */
	private static final Pattern WATCHES = Pattern
		.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+dev\\.meshwright\\.cluster\\.Fabric8Watch$");

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

	/**
	 * Those that are still referenced, which whoever follows one does. A dump of virtual
	 * threads would say it, too, but now and then takes the JVM down that it is of (JDK
	 * 25).
	 */
	private static long watches(long pid) throws IOException, InterruptedException {
		Process histogram = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
				String.valueOf(pid), "GC.class_histogram")
			.redirectErrorStream(true)
			.start();
		String found = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (histogram.waitFor() != 0) {
			throw new IllegalStateException("jcmd cannot look at process " + pid + ": " + found);
		}
		Matcher watches = WATCHES.matcher(found);
		return watches.find() ? Long.parseLong(watches.group(1)) : 0;
	}

}
