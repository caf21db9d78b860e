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

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * The application's own database, seen from outside: for the price of a bare commit, for
 * what was pushed, and to know when everything is done.
 */
final class Database implements AutoCloseable {

	private final Connection connection;

	private Database(Connection connection) {
		this.connection = connection;
	}

	/** The database of a local run in this directory. */
	static Database of(Path directory) throws IOException, SQLException {
		Path home = directory.resolve(".meshwright");
		String port = Files.readAllLines(home.resolve("postgres/postmaster.pid")).get(3).strip();
		Database database = new Database(
				DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres",
						Files.readString(home.resolve("postgres-password")).strip()));
		if (!database.text("show fsync").equals("on") || !database.text("show synchronous_commit").equals("on")) {
			throw new IllegalStateException("Postgres does not wait for the disk: nothing measured would count");
		}
		database.execute("create table if not exists public.bench_commit (id bigserial primary key, payload text)");
		return database;
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

	/** The objects as pushed for the services of a namespace, put into another one. */
	List<GenericKubernetesResource> pushed(String namespace, String into) throws SQLException {
		List<GenericKubernetesResource> objects = new ArrayList<>();
		try (PreparedStatement select = this.connection
			.prepareStatement("select body from inventory where namespace = ?"
					+ " and service <> '' and body is not null order by object_kind, object_name")) {
			select.setString(1, namespace);
			try (ResultSet rows = select.executeQuery()) {
				while (rows.next()) {
					GenericKubernetesResource object = Serialization.unmarshal(rows.getString(1),
							GenericKubernetesResource.class);
					object.getMetadata().setNamespace(into);
					objects.add(object);
				}
			}
		}
		return objects;
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
