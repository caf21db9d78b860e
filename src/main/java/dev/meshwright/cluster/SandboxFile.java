package dev.meshwright.cluster;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

import dev.meshwright.model.ObjectKind;
import dev.meshwright.model.ObjectRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A sandbox's objects in a file of JSON lines: one for every change, so that what was
 * acknowledged outlives a killed process. Opening writes a short file that takes the long
 * one's place; so does every so many changes.
 */
final class SandboxFile implements AutoCloseable {

	private static final int LINES_BEFORE_REWRITE = 20_000;

	private final Path path;

	private final TreeMap<ObjectRef, SandboxObject> objects = new TreeMap<>();

	private String uid = UUID.randomUUID().toString();

	private long resourceVersion;

	private @Nullable InstallationStamp stamp;

	private int lines;

	private @Nullable FileOutputStream out;

	/**
	 * One line.
	 *
	 * @param resourceVersion the sandbox's at this change
	 * @param clusterUid on the first line: the sandbox's identity
	 * @param body the object; absent with {@code name} when it was deleted
	 * @param owners the leaves that each manager owns
	 * @param stamp which installation pushes here; on lines of its own
	 */
	private record Line(long resourceVersion, @Nullable String clusterUid, @Nullable String kind,
			@Nullable String apiVersion, @Nullable String namespace, @Nullable String name,
			@Nullable LinkedHashMap<String, Object> body, @Nullable Map<String, List<List<String>>> owners,
			@Nullable InstallationStamp stamp) {
	}

	private SandboxFile(Path path) {
		this.path = path;
	}

	/**
	 * Opens or creates the file.
	 * @throws ClusterFailure.Unavailable it cannot be read or written
	 */
	static SandboxFile open(Path path) {
		SandboxFile file = new SandboxFile(path);
		try {
			Files.createDirectories(path.toAbsolutePath().getParent());
			if (Files.exists(path)) {
				file.load(Files.readAllLines(path, StandardCharsets.UTF_8));
			}
			file.rewrite();
			return file;
		}
		catch (IOException ex) {
			throw file.failed(ex);
		}
	}

	String uid() {
		return this.uid;
	}

	long resourceVersion() {
		return this.resourceVersion;
	}

	@Nullable InstallationStamp stamp() {
		return this.stamp;
	}

	/** Keeps which installation pushes here. */
	void put(InstallationStamp written, long version) {
		append(new Line(version, null, null, null, null, null, null, null, written), version);
		this.stamp = written;
		rewriteWhenLong();
	}

	Map<ObjectRef, SandboxObject> objects() {
		return this.objects;
	}

	/** Keeps a new or changed object. */
	void put(SandboxObject object, long version) {
		append(line(object, version), version);
		this.objects.put(object.ref(), object);
		rewriteWhenLong();
	}

	/** Keeps that an object is gone. */
	void remove(ObjectRef ref, long version) {
		append(new Line(version, null, ref.kind().kind(), ref.kind().apiVersion(), ref.namespace(), ref.name(), null,
				null, null), version);
		this.objects.remove(ref);
		rewriteWhenLong();
	}

	@Override
	public void close() {
		try {
			if (this.out != null) {
				this.out.close();
			}
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	private void append(Line line, long version) {
		try {
			if (this.out == null) {
				throw new IOException("it is closed");
			}
			write(this.out, line);
			this.resourceVersion = version;
			this.lines++;
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	private void rewriteWhenLong() {
		if (this.lines > LINES_BEFORE_REWRITE + this.objects.size()) {
			try {
				rewrite();
			}
			catch (IOException ex) {
				throw failed(ex);
			}
		}
	}

	private void load(List<String> text) {
		for (int i = 0; i < text.size(); i++) {
			try {
				replay(ObjectJson.MAPPER.readValue(text.get(i), Line.class));
			}
			catch (JacksonException ex) {
				if (i < text.size() - 1) {
					throw new ClusterFailure.Unavailable("the sandbox's file " + this.path + " cannot be read at line "
							+ (i + 1) + "; delete it to start with an empty sandbox");
				}
				// The last line was being written when the process died: nobody was told.
			}
		}
	}

	private void replay(Line line) {
		this.resourceVersion = line.resourceVersion();
		if (line.clusterUid() != null) {
			this.uid = line.clusterUid();
		}
		if (line.stamp() != null) {
			this.stamp = line.stamp();
		}
		if (line.kind() == null || line.apiVersion() == null || line.namespace() == null || line.name() == null) {
			return;
		}
		ObjectKind kind = ObjectKind.of(line.apiVersion(), line.kind()).orElse(null);
		if (kind == null) {
			return;
		}
		ObjectRef ref = new ObjectRef(kind, line.namespace(), line.name());
		if (line.body() == null) {
			this.objects.remove(ref);
			return;
		}
		Map<String, Set<FieldPath>> owners = new LinkedHashMap<>();
		if (line.owners() != null) {
			line.owners()
				.forEach((manager, paths) -> owners.put(manager,
						paths.stream().map(FieldPath::new).collect(Collectors.toCollection(LinkedHashSet::new))));
		}
		this.objects.put(ref, new SandboxObject(ref, line.body(), owners));
	}

	private void rewrite() throws IOException {
		Path fresh = this.path.resolveSibling(this.path.getFileName() + ".new");
		List<Line> all = new ArrayList<>();
		all.add(new Line(this.resourceVersion, this.uid, null, null, null, null, null, null, this.stamp));
		this.objects.values().forEach((object) -> all.add(line(object, this.resourceVersion)));
		try (FileOutputStream shorter = new FileOutputStream(fresh.toFile())) {
			for (Line line : all) {
				write(shorter, line);
			}
			shorter.getFD().sync();
		}
		close();
		Files.move(fresh, this.path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		this.out = new FileOutputStream(this.path.toFile(), true);
		this.lines = all.size();
	}

	private static Line line(SandboxObject object, long version) {
		Map<String, List<List<String>>> owners = new LinkedHashMap<>();
		object.owners().forEach((manager, paths) -> owners.put(manager, paths.stream().map(FieldPath::names).toList()));
		ObjectRef ref = object.ref();
		return new Line(version, null, ref.kind().kind(), ref.kind().apiVersion(), ref.namespace(), ref.name(),
				new LinkedHashMap<>(object.body()), owners, null);
	}

	private static void write(FileOutputStream out, Line line) throws IOException {
		out.write((ObjectJson.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
	}

	private ClusterFailure.Unavailable failed(IOException ex) {
		return new ClusterFailure.Unavailable(
				"the sandbox's file " + this.path + " cannot be used: " + ex.getMessage());
	}

}
