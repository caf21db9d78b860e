package dev.meshwright.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.service.ServiceSpec.Exposure;
import dev.meshwright.model.service.ServiceSpec.Exposure.Tls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.jdbc.core.simple.JdbcClient;

import static dev.meshwright.store.Declared.commit;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was stored before a certificate was a key is found by it after the migration, as
 * what is stored now.
 */
class SharedCertificatesIT {

	private static final Path MIGRATION = Path.of("db/migrations/V10__shared_certificates.sql");

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	@Test
	void migrationGivesStoredServicesTheKeyThatNewOnesGet() throws IOException {
		commit(this.store,
				put(ResourceId.service("shop", "a"),
						exposed("a.example.com", "'tls': {'credentialName': 'shop-cert'}")),
				put(ResourceId.service("shop", "b"),
						exposed("b.example.com", "'tls': {'credentialName': 'shop-cert'}")),
				put(ResourceId.service("shop", "c"), exposed("c.example.com", "'tls': {'mode': 'PASSTHROUGH'}")),
				put(ResourceId.service("shop", "d"), exposed("d.example.com", "'port': 'http'")));
		JdbcClient jdbc = JdbcClient.create(database.dataSource());
		List<String> written = entries(jdbc);
		String key = Key
			.credential("shop",
					new Exposure(List.of("x.example.com"), "public", null, new Tls(null, "shop-cert", null, null)))
			.orElseThrow()
			.text();
		assertThat(written).containsExactly(key + " Service shop a", key + " Service shop b");
		jdbc.sql("delete from index_entry where key like 'credential=%'").update();
		jdbc.sql(Files.readString(MIGRATION)).update();
		assertThat(entries(jdbc)).isEqualTo(written);
	}

	private static String exposed(String host, String further) {
		return "{'ports': [], 'exposure': {'hosts': ['" + host + "'], 'gateway': 'public', " + further + "}}";
	}

	private static List<String> entries(JdbcClient jdbc) {
		return jdbc.sql("""
				select key || ' ' || kind || ' ' || namespace || ' ' || name from index_entry
				 where key like 'credential=%' order by 1
				""").query(String.class).list();
	}

}
