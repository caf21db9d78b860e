package dev.meshwright.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.util.FileSystemUtils;

/**
 * One rig for all tests of a class. Before each of them every fault is over, whoever was
 * killed runs again, and nothing is in the log.
 */
final class SharedRig implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

	private final int replicas;

	private final boolean ownPostgres;

	private final Map<String, String> properties;

	private @Nullable Path directory;

	private @Nullable PostgresServer postgres;

	private @Nullable FaultRig rig;

	private SharedRig(int replicas, boolean ownPostgres, Map<String, String> properties) {
		this.replicas = replicas;
		this.ownPostgres = ownPostgres;
		this.properties = properties;
	}

	/** Processes on a database in the server that all tests share. */
	static SharedRig of(int replicas, Map<String, String> properties) {
		return new SharedRig(replicas, false, properties);
	}

	/** One process on a server of its own, which may be killed. */
	static SharedRig withOwnPostgres(Map<String, String> properties) {
		return new SharedRig(1, true, properties);
	}

	FaultRig get() {
		return Objects.requireNonNull(this.rig);
	}

	PostgresServer postgres() {
		return Objects.requireNonNull(this.postgres);
	}

	@Override
	public void beforeAll(ExtensionContext context) throws IOException {
		Path made = Files.createTempDirectory("meshwright-fault");
		this.directory = made;
		if (this.ownPostgres) {
			this.postgres = new PostgresServer(made);
			this.rig = FaultRig.start(made, this.postgres, this.properties);
		}
		else {
			this.rig = FaultRig.start(made, this.replicas, this.properties);
		}
	}

	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		get().heal();
		get().proxy.impersonate(null);
		get().proxy.forget();
	}

	@Override
	public void afterAll(ExtensionContext context) throws IOException {
		if (this.rig != null) {
			this.rig.close();
		}
		if (this.postgres != null) {
			this.postgres.close();
		}
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
