package dev.meshwright.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.meshwright.ChildApplication;
import dev.meshwright.MeshwrightApplication;
import org.jspecify.annotations.Nullable;

/**
 * The real application in a JVM of its own, so that it can really be killed and started
 * again on the same database. Each start listens on another port.
 */
public final class MeshwrightProcess implements AutoCloseable {

	/** What an operator would mount as the bootstrap token. */
	public static final String TOKEN = "mw_end-to-end-administrator-0123456789abcdef";

	private final Path directory;

	private final Map<String, String> properties;

	private final Class<?> main;

	private volatile @Nullable ChildApplication application;

	/**
	 * Prepares a process.
	 * @param directory its working directory, with {@code kubeconfigs/}
	 * @param properties settings beside the ones that every run has
	 */
	public MeshwrightProcess(Path directory, Map<String, String> properties) {
		this(directory, properties, MeshwrightApplication.class);
	}

	/** A process of another main class. */
	public MeshwrightProcess(Path directory, Map<String, String> properties, Class<?> main) {
		this.main = main;
		this.directory = directory;
		this.properties = properties;
	}

	/** Starts it and returns once it serves. */
	public void start() throws IOException {
		close();
		Path token = Files.writeString(this.directory.resolve("bootstrap-token"), TOKEN);
		Path kubeconfigs = Files.createDirectories(this.directory.resolve("kubeconfigs"));
		List<String> arguments = new ArrayList<>(
				List.of("--meshwright.bootstrap-token-file=" + token, "--meshwright.kubeconfig-dir=" + kubeconfigs));
		this.properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		this.application = ChildApplication.start(this.directory, this.main, arguments.toArray(String[]::new));
	}

	/** Kills it as {@code kill -9} does and waits until it is gone. */
	public void kill() {
		running().kill();
	}

	/** Stops its clock, as a long pause of the machine does; it keeps its connections. */
	public void pause() {
		Signals.send("STOP", running().pid());
	}

	/** Lets it go on after {@link #pause}. */
	public void resume() {
		Signals.send("CONT", running().pid());
	}

	/** Asks it to stop, as Ctrl-C or a Pod's end does, and waits until it has. */
	public void stop() {
		running().interrupt();
	}

	/** Its process id. */
	public long pid() {
		return running().pid();
	}

	public boolean alive() {
		return running().isAlive();
	}

	/** Waits until it is gone, whoever kills it. */
	public void awaitEnd() {
		running().exitCode();
	}

	/** A client of the process that runs now, with an administrator's token. */
	public ApiClient client() {
		return client(TOKEN);
	}

	/** A client of the process that runs now, with another token. */
	public ApiClient client(String token) {
		try {
			return new ApiClient(running().address(), token);
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	private ChildApplication running() {
		ChildApplication started = this.application;
		if (started == null) {
			throw new IllegalStateException("it was never started");
		}
		return started;
	}

	@Override
	public void close() {
		ChildApplication started = this.application;
		if (started != null) {
			started.kill();
			started.close();
		}
	}

}
