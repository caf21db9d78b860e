package dev.meshwright.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LocalPostgresIT {

	@TempDir
	Path temporary;

	@Test
	void keepsItsDataAndLetsNobodyInWithoutThePassword() throws IOException, SQLException {
		Path root = this.temporary.resolve("with space");
		try (LocalDirectory directory = LocalDirectory.open(root);
				LocalPostgres postgres = LocalPostgres.start(directory)) {
			assertThat(query(postgres, "select version()")).startsWith("PostgreSQL 18.");
			assertThat(query(postgres, "show fsync")).isEqualTo("on");
			assertThat(query(postgres, "show synchronous_commit")).isEqualTo("on");
			assertThat(query(postgres, "show unix_socket_directories")).isEmpty();
			assertThat(query(postgres, "select distinct auth_method from pg_hba_file_rules"))
				.isEqualTo("scram-sha-256");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(postgres.getJdbcUrl(), "postgres", "postgres"))
				.withMessageContaining("password authentication failed");
			for (InetAddress address : addressesOfThisMachine()) {
				assertThat(accepts(address, port(postgres))).as("listens on " + address).isFalse();
			}
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.postgresData())))
				.isEqualTo("rwx------");
			assertThat(LeftoverPostmaster.on(directory.postgresData())).as("recognises its own server").isPresent();
			update(postgres, "create table kept as select 42 as answer");
		}
		assertThat(LeftoverPostmaster.on(root.toRealPath().resolve("postgres"))).isEmpty();
		assertThat(root.resolve("postgres/postmaster.pid")).doesNotExist();
		try (LocalDirectory directory = LocalDirectory.open(root);
				LocalPostgres postgres = LocalPostgres.start(directory)) {
			assertThat(query(postgres, "select answer from kept")).isEqualTo("42");
		}
	}

	@Test
	void aServerThatWasLeftRunningIsStopped() throws IOException, SQLException {
		try (LocalDirectory directory = LocalDirectory.open(this.temporary.resolve(".meshwright"));
				LocalPostgres postgres = LocalPostgres.start(directory)) {
			assertThat(query(postgres, "select 1")).isEqualTo("1");
			LeftoverPostmaster.on(directory.postgresData()).orElseThrow().stop();
			assertThat(LeftoverPostmaster.on(directory.postgresData())).isEmpty();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(postgres, "select 1"));
		}
	}

	@Test
	void anInterruptedInitialisationIsBegunAnew() throws IOException, SQLException {
		Path root = this.temporary.resolve(".meshwright");
		Files.createDirectories(root.resolve("postgres"));
		Files.writeString(root.resolve("postgres/postgresql.conf"), "half written");
		try (LocalDirectory directory = LocalDirectory.open(root);
				LocalPostgres postgres = LocalPostgres.start(directory)) {
			assertThat(query(postgres, "select 1")).isEqualTo("1");
		}
	}

	private static List<InetAddress> addressesOfThisMachine() throws IOException {
		return NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter((address) -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
			.toList();
	}

	private static boolean accepts(InetAddress address, int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(address, port), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static int port(LocalPostgres postgres) {
		return URI.create(postgres.getJdbcUrl().substring("jdbc:".length())).getPort();
	}

	private static Connection connect(LocalPostgres postgres) throws SQLException {
		return DriverManager.getConnection(postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword());
	}

	private static String query(LocalPostgres postgres, String sql) throws SQLException {
		try (Connection connection = connect(postgres);
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			assertThat(result.next()).isTrue();
			String value = result.getString(1);
			assertThat(result.next()).isFalse();
			return value;
		}
	}

	private static void update(LocalPostgres postgres, String sql) throws SQLException {
		try (Connection connection = connect(postgres); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
