package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * The application's own database, seen from outside: for the price of a bare commit, for
 * what was pushed, and to know when everything is done.
 */
final class Database implements AutoCloseable {

	private static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

	private final Connection connection;

	private final long postmaster;

	private final int port;

	private final String password;

	private Database(int port, String password, long postmaster) throws SQLException {
		this.connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres",
				password);
		this.port = port;
		this.password = password;
		this.postmaster = postmaster;
	}

	/** The database of a local run in this directory. */
	static Database of(Path directory) throws IOException, SQLException {
		Path home = directory.resolve(".meshwright");
		List<String> postmaster = Files.readAllLines(home.resolve("postgres/postmaster.pid"));
		Database database = new Database(Integer.parseInt(postmaster.get(3).strip()),
				Files.readString(home.resolve("postgres-password")).strip(),
				Long.parseLong(postmaster.getFirst().strip()));
		boolean memory = Files.getFileStore(home).type().equals("tmpfs");
		if (memory || !DURABLE.stream().allMatch(database::isOn)) {
			throw new IllegalStateException("Postgres does not wait for the disk: nothing measured would count");
		}
		database.execute("create table if not exists public.bench_commit (id bigserial primary key, payload text)");
		return database;
	}

	private boolean isOn(String setting) {
		try {
			return text("show " + setting).equals("on");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	int port() {
		return this.port;
	}

	String password() {
		return this.password;
	}

	/** Changes a setting of the server, and waits until everybody has noticed. */
	void setting(String setting) throws SQLException {
		execute("alter system set " + setting);
		execute("select pg_reload_conf()");
		Product.sleep(1000);
	}

	/** The first process of the server. */
	ProcessHandle postmaster() {
		return ProcessHandle.of(this.postmaster).orElseThrow();
	}

	/** One transaction with one row of half a kilobyte. */
	void commit() throws SQLException {
		try (PreparedStatement insert = this.connection
			.prepareStatement("insert into public.bench_commit (payload) values (?)")) {
			insert.setString(1, "x".repeat(512));
			insert.executeUpdate();
		}
	}

	/** Makes every unit of a namespace due for a resync, as the schedule does. */
	int resync(String namespace) throws SQLException {
		try (PreparedStatement update = this.connection.prepareStatement(
				"update unit set resync = true, not_before = now() where namespace = ? and cluster <> ''")) {
			update.setString(1, namespace);
			return update.executeUpdate();
		}
	}

	/** The same for everything that is on a cluster. */
	int resync() throws SQLException {
		try (Statement update = this.connection.createStatement()) {
			return update.executeUpdate("update unit set resync = true, not_before = now() where cluster <> ''");
		}
	}

	/**
	 * Adds revisions that changed nothing, on top.
	 * @return the newest
	 */
	long addRevisions(int count) throws SQLException {
		this.connection.setAutoCommit(false);
		try {
			execute("select revision from revision_head for update");
			execute("insert into revision (revision, author, message) select h.revision + n, 'bench', 'bench'"
					+ " from revision_head h, generate_series(1, " + count + ") n");
			execute("update revision_head set revision = revision + " + count);
			execute("update expansion set revision = (select revision from revision_head)");
			this.connection.commit();
		}
		finally {
			this.connection.setAutoCommit(true);
		}
		return Long.parseLong(text("select revision from revision_head"));
	}

	/**
	 * Lets the next revision have a number, and those before it be missing: for whoever
	 * wants numbers that stand for nothing else, and not the work of storing and
	 * vacuuming that many.
	 */
	void nextRevision(long revision) throws SQLException {
		execute("update revision_head set revision = " + (revision - 1));
		execute("update expansion set revision = " + (revision - 1));
	}

	/**
	 * The objects as pushed for the services of a namespace, with all that was added to
	 * them, put into another one.
	 */
	List<GenericKubernetesResource> pushed(String namespace, String into) throws SQLException {
		List<GenericKubernetesResource> objects = new ArrayList<>();
		try (PreparedStatement select = this.connection.prepareStatement("""
				select body, revision, (select id from installation) as installation from inventory
				where namespace = ? and service <> '' and uid is not null order by object_kind, object_name""")) {
			select.setString(1, namespace);
			try (ResultSet rows = select.executeQuery()) {
				while (rows.next()) {
					objects.add(stamped(rows, into));
				}
			}
		}
		return objects;
	}

	private static GenericKubernetesResource stamped(ResultSet row, String into) throws SQLException {
		GenericKubernetesResource object = RawClient.in(into,
				Serialization.unmarshal(row.getString("body"), GenericKubernetesResource.class));
		Map<String, String> labels = new TreeMap<>(Map.of("app.kubernetes.io/managed-by", "meshwright"));
		labels.putAll(Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of()));
		object.getMetadata().setLabels(labels);
		Map<String, String> annotations = new TreeMap<>(
				Map.of("meshwright.dev/installation", row.getString("installation"), "meshwright.dev/fence", "1",
						"meshwright.dev/revision", row.getString("revision")));
		annotations.putAll(Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of()));
		object.getMetadata().setAnnotations(annotations);
		return object;
	}

	String text(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return String.valueOf(result.getString(1));
		}
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
