package dev.meshwright.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder with {@code input.yaml}, what is declared, and a file for each provider with
 * the objects that are made of it; {@code diagnostics.yaml} holds what the compiler says.
 * What is empty has no file. A folder {@code examples-<name>} has no input of its own:
 * its input is that example, declared in the local run.
 *
 * @param directory the folder
 */
record GoldenCase(Path directory) {

	static final String INPUT = "input.yaml";

	private static final String EXAMPLE = "examples-";

	private static final Path ROOT = Path.of("src", "test", "resources", "golden");

	static List<GoldenCase> all() {
		try (Stream<Path> directories = Files.list(ROOT)) {
			return directories.sorted().map(GoldenCase::new).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Declarations input() {
		Optional<Example> example = example();
		if (example.isPresent()) {
			return example.get().declarations();
		}
		return Declarations.read(read(INPUT).getBytes(StandardCharsets.UTF_8));
	}

	/** The same with documents and fields in the opposite order; lists keep theirs. */
	Declarations shuffled() {
		return input().reversed();
	}

	/** The example whose output it holds. */
	private Optional<Example> example() {
		String name = toString();
		return name.startsWith(EXAMPLE) ? Optional.of(Example.application(name.substring(EXAMPLE.length())))
				: Optional.empty();
	}

	/** Every file of the case but its input, by name. */
	SortedMap<String, String> expected() {
		SortedMap<String, String> files = new TreeMap<>();
		try (Stream<Path> paths = Files.list(this.directory)) {
			paths.map((path) -> path.getFileName().toString())
				.filter((name) -> !name.equals(INPUT))
				.forEach((name) -> files.put(name, read(name)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return files;
	}

	/** Makes these, and no others, the expected files. */
	void update(SortedMap<String, String> files) {
		try {
			for (String orphan : expected().keySet()) {
				Files.delete(this.directory.resolve(orphan));
			}
			for (var file : files.entrySet()) {
				Files.writeString(this.directory.resolve(file.getKey()), file.getValue());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String read(String name) {
		try {
			return Files.readString(this.directory.resolve(name));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("every case has an " + INPUT + ", and only text beside it", ex);
		}
	}

	@Override
	public String toString() {
		return this.directory.getFileName().toString();
	}

}
