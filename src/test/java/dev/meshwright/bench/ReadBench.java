package dev.meshwright.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;

/**
 * How many reads a second: one service over HTTP, each client its own, against pgbench
 * with the same statements.
 */
class ReadBench {

	private static final Path OUT = Path.of("target/bench/reads").toAbsolutePath();

	/** No other word in any parameter contains it. */
	private static final String MARKER = "zzread00";

	private final Report report = new Report("ReadBench");

	@Test
	void measure() throws IOException, SQLException, InterruptedException {
		Pgbench.require();
		Rig.clear(OUT);
		try (Rig rig = new Rig();
				Product product = Product.start(rig, OUT.resolve("product"), "--meshwright.reconcile.enabled=false")) {
			this.report.circumstances(rig, product, OUT);
			product.put(declarations());
			RequestRates.warmUp((client, _) -> get(product, client));
			SameSql sql = SameSql.of(product, () -> get(product, 0), "from resource");
			Path script = sql.write(OUT);
			this.report.fact("one GET is " + sql.statements() + " statements, BEGIN and COMMIT included");
			RequestRates rates = new RequestRates(product, this.report, OUT);
			for (int clients : RequestRates.CLIENTS) {
				rates.compare("GETs", clients, (client, _) -> get(product, client), script,
						(client) -> sql.definitions(MARKER, name(client)), 0.3);
			}
		}
		finally {
			this.report.write();
		}
	}

	private static Fleet declarations() {
		Fleet fleet = new Fleet().namespace("reads", "local");
		for (int client = 0; client < RequestRates.most(); client++) {
			fleet.managed("reads", name(client));
		}
		return fleet;
	}

	private static String name(int client) {
		return "zzread%02d".formatted(client);
	}

	private static void get(Product product, int client) throws IOException {
		product.get("/api/v1/namespaces/reads/services/" + name(client));
	}

}
