package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;

/**
 * How many writes a second: PUTs over HTTP, each of a policy of its client's own, against
 * pgbench with the same statements. Nothing is reconciled meanwhile.
 */
class WriteBench {

	private static final Path OUT = Path.of("target/bench/writes").toAbsolutePath();

	/** No other word in any parameter contains it. */
	private static final String MARKER = "zzprobe00";

	private final Report report = new Report("WriteBench");

	@Test
	void measure() throws IOException, SQLException, InterruptedException {
		Pgbench.require();
		Rig.clear(OUT);
		try (Rig rig = new Rig();
				Product product = Product.start(rig, OUT.resolve("product"), "--meshwright.reconcile.enabled=false")) {
			this.report.circumstances(rig, product, OUT);
			declare(product);
			SameSql sql = capture(product);
			Path script = sql.write(OUT);
			this.report.fact("one PUT is " + sql.statements() + " statements, BEGIN and COMMIT included");
			RequestRates rates = new RequestRates(product, this.report, OUT);
			for (int clients : RequestRates.CLIENTS) {
				rates.compare("PUTs", clients, (client, turn) -> put(product, client, turn), script,
						(client) -> sql.definitions(MARKER, name(client)), 0.5);
			}
		}
		finally {
			this.report.write();
		}
	}

	private static String name(int client) {
		return "zzprobe%02d".formatted(client);
	}

	private void declare(Product product) throws IOException {
		product.send("PUT", "/api/v1/namespaces/writes",
				"{\"spec\": {\"owner\": \"bench\", \"placement\": {\"clusters\": []}}}");
		Fleet fleet = new Fleet();
		for (int client = 0; client < RequestRates.most(); client++) {
			fleet.managed("writes", name(client));
		}
		product.put(fleet);
	}

	private static void put(Product product, int client, int turn) throws IOException {
		product.send("PUT", "/api/v1/namespaces/writes/routing-policies/" + name(client),
				"{\"spec\": " + Fleet.route(name(client), 1 + turn % 89) + "}");
	}

	/** What one PUT makes Postgres do, once its statements are prepared. */
	private static SameSql capture(Product product) throws IOException, SQLException, InterruptedException {
		RequestRates.warmUp((client, turn) -> put(product, client, turn));
		product.database().nextRevision(7_000_001);
		return SameSql.of(product, () -> put(product, 0, 333), "update revision_head");
	}

}
