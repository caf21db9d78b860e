package dev.meshwright;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The real application in a JVM of its own, for tests that stop or kill it. It sees the
 * main classes and their libraries only, none of the tests', and no setting of the
 * machine it runs on. It listens on a port that is free.
 */
public final class ChildApplication implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	/** Quick to start on a machine that also runs the build; nothing lasts long. */
	private static final List<String> SHORT_LIVED = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Xshare:auto");

	/** Tests share an API server, and every one is an installation of its own. */
	private static final String SYSTEM_NAMESPACE = "--meshwright.system-namespace=";

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	private static final Pattern READY = Pattern.compile("Started MeshwrightApplication in");

	private final Process process;

	private final Path log;

	/** It would ask for HTTP/2 with every request, which is not served without TLS. */
	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private volatile @Nullable URI address;

	private ChildApplication(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	/**
	 * Starts the application's classes in a directory and waits until it serves. Unless
	 * an argument says otherwise, each directory has a system namespace of its own.
	 * @param directory the working directory
	 * @param arguments further arguments, such as {@code --spring.datasource.url=…}
	 */
	public static ChildApplication start(Path directory, String... arguments) throws IOException {
		return start(directory, MeshwrightApplication.class, SHORT_LIVED, Map.of(), arguments);
	}

	/**
	 * The same, with further environment variables.
	 */
	public static ChildApplication start(Path directory, Map<String, String> environment, String... arguments)
			throws IOException {
		return start(directory, MeshwrightApplication.class, SHORT_LIVED, environment, arguments);
	}

	/**
	 * The same with a main class of the tests, which starts the application with beans of
	 * its own. Of the tests' classes the process sees only that one and what is in it.
	 */
	public static ChildApplication start(Path directory, Class<?> main, String... arguments) throws IOException {
		return start(directory, main, SHORT_LIVED, Map.of(), arguments);
	}

	/**
	 * The same, in a JVM with other options.
	 * @param directory the working directory
	 * @param options of the JVM
	 * @param arguments further arguments
	 */
	public static ChildApplication start(Path directory, List<String> options, String... arguments) throws IOException {
		return start(directory, MeshwrightApplication.class, options, Map.of(), arguments);
	}

	private static ChildApplication start(Path directory, Class<?> main, List<String> options,
			Map<String, String> environment, String... arguments) throws IOException {
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !Path.of(entry).endsWith("test-classes"))
			.map((entry) -> Path.of(entry).toAbsolutePath().toString())
			.collect(Collectors.joining(File.pathSeparator));
		if (main != MeshwrightApplication.class) {
			classPath += File.pathSeparator + copied(main, directory.resolve("classes").toAbsolutePath());
		}
		List<String> command = new ArrayList<>(List.of("-cp", classPath, main.getName(), "--server.port=0"));
		if (Arrays.stream(arguments).noneMatch((argument) -> argument.startsWith(SYSTEM_NAMESPACE))) {
			command.add(SYSTEM_NAMESPACE + "meshwright-" + Integer.toHexString(directory.toAbsolutePath().hashCode()));
		}
		ChildApplication child = launch(directory, options, command, environment, arguments);
		child.awaitReady();
		return child;
	}

	private static Path copied(Class<?> main, Path to) throws IOException {
		Path folder = Path.of(main.getPackageName().replace('.', '/'));
		Path from = Path.of(URI.create(main.getProtectionDomain().getCodeSource().getLocation().toString()))
			.resolve(folder);
		Files.createDirectories(to.resolve(folder));
		try (DirectoryStream<Path> classes = Files.newDirectoryStream(from, main.getSimpleName() + "{,$*}.class")) {
			for (Path each : classes) {
				Files.copy(each, to.resolve(folder).resolve(each.getFileName()), StandardCopyOption.REPLACE_EXISTING);
			}
		}
		return to;
	}

	/**
	 * Starts a JVM in a directory and waits for nothing.
	 * @param directory the working directory
	 * @param command what follows {@code java}, such as {@code -jar} and a path
	 * @param environment environment variables to add
	 * @param arguments further arguments
	 */
	public static ChildApplication launch(Path directory, List<String> command, Map<String, String> environment,
			String... arguments) throws IOException {
		return launch(directory, SHORT_LIVED, command, environment, arguments);
	}

	private static ChildApplication launch(Path directory, List<String> options, List<String> command,
			Map<String, String> environment, String... arguments) throws IOException {
		Path log = Files.createTempFile(directory, "application-", ".log");
		List<String> line = new ArrayList<>();
		line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		line.addAll(options);
		line.addAll(command);
		line.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		builder.environment()
			.keySet()
			.removeIf((name) -> name.startsWith("SPRING_") || name.startsWith("MESHWRIGHT_")
					|| name.startsWith("SERVER_") || name.startsWith("OTEL_") || name.equals("JAVA_TOOL_OPTIONS"));
		builder.environment().putAll(environment);
		return new ChildApplication(builder.start(), log);
	}

	/** Waits until it serves requests. */
	public void awaitReady() throws IOException {
		awaitOutput(READY);
	}

	/** Waits until it has printed something. */
	public void awaitOutput(Pattern pattern) throws IOException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!pattern.matcher(output()).find()) {
			if (!this.process.isAlive() || System.nanoTime() > end) {
				kill();
				throw new IllegalStateException("the application ended or never printed " + pattern + ":\n" + output());
			}
			sleep();
		}
	}

	/** {@code http://127.0.0.1:<port>}, looked up in the log once. */
	public URI address() throws IOException {
		URI known = this.address;
		if (known == null) {
			Matcher matcher = STARTED.matcher(output());
			if (!matcher.find()) {
				throw new IllegalStateException("no port in the log:\n" + output());
			}
			known = URI.create("http://127.0.0.1:" + matcher.group(1));
			this.address = known;
		}
		return known;
	}

	/** Everything it has printed. */
	public String output() throws IOException {
		return Files.readString(this.log);
	}

	public long pid() {
		return this.process.pid();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Sends a request.
	 * @param method the HTTP method
	 * @param path the path with query
	 * @param token the bearer token, or null for none
	 * @param body a JSON body, or null for none
	 */
	public HttpResponse<String> send(String method, String path, @Nullable String token, @Nullable String body)
			throws IOException {
		HttpRequest.Builder request = HttpRequest.newBuilder(address().resolve(path));
		if (token != null) {
			request.header("Authorization", "Bearer " + token);
		}
		if (body != null) {
			request.header("Content-Type", "application/json");
		}
		request.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody());
		try {
			return this.http.send(request.build(), BodyHandlers.ofString());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
	}

	/**
	 * What Ctrl-C does to a JVM; waits until the process is gone. TERM stands in for INT,
	 * which is ignored by every child of a build that runs in the background.
	 */
	public int interrupt() {
		this.process.destroy();
		return exitCode();
	}

	/** What kill -9 does; waits until the process is gone. */
	public void kill() {
		this.process.destroyForcibly();
		exitCode();
	}

	/** Waits for the process to end by itself. */
	public int exitCode() {
		try {
			if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("process " + pid() + " does not end");
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
	}

	/** Stops it in an orderly way, if it still runs. */
	@Override
	public void close() {
		this.http.close();
		if (this.process.isAlive()) {
			this.process.destroy();
			try {
				exitCode();
			}
			finally {
				this.process.destroyForcibly();
			}
		}
	}

	private static void sleep() {
		try {
			Thread.sleep(50);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
	}

}
