package dev.meshwright.e2e;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.meshwright.MeshwrightApplication;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many statements one request makes the database run, from its first byte to the
 * answer: each is a round trip, and those of a write after the head is taken hold up
 * every other writer. Counted by the database, which does not count the ends of
 * transactions and settings that a driver has prepared; each transaction counts by its
 * beginning.
 */
class WriteStatementsE2E {

	@RegisterExtension
	static final PostgresTestDatabase DATABASE = new PostgresTestDatabase();

	private static final int TIMES = 50;

	/**
	 * Of what was called for each request; who only looks for work now and then has asked
	 * less often.
	 */
	private static final String CALLS = """
			select calls, query from pg_stat_statements s
			join pg_database d on d.oid = s.dbid and d.datname = current_database()
			where calls >= :times and query not like '%pg_stat_statements%'""";

	private final JdbcClient jdbc = JdbcClient.create(DATABASE.dataSource());

	@Test
	void aRequestTakesFewStatements() {
		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(MeshwrightApplication.class).run(
				"--server.port=0", "--meshwright.reconcile.enabled=false",
				"--spring.datasource.url=" + DATABASE.jdbcUrl(),
				"--spring.datasource.username=" + PostgresTestDatabase.USER,
				"--spring.datasource.password=" + DATABASE.password())) {
			ApiClient api = new ApiClient(
					URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port")),
					application.getBean(Tokens.class).issue("tester", "admin"));
			this.jdbc.sql("create extension pg_stat_statements").update();
			declare(api);
			// who calls; begin, what compiling reads, who depends on it;
			// begin, the row, its keys, the head, what is kept, the resource; the status
			assertStatements(11, () -> route(api, "unplaced"));
			// and what is read for a cluster, its facts
			assertStatements(13, () -> route(api, "placed"));
			// nothing changes: begin, the row, the audit row, the head
			assertStatements(9, () -> route(api, "unplaced", 50));
			assertStatements(3, () -> api.get("/api/v1/namespaces/placed/routing-policies/webapp"));
		}
	}

	private static void declare(ApiClient api) {
		put(api, "/api/v1/clusters/east", """
				{"spec": {"mesh": "istio", "meshVersion": "1.29", "connection": {"sandbox": {}}}}""");
		put(api, "/api/v1/namespaces/placed", """
				{"spec": {"owner": "team", "placement": {"clusters": ["east"]}}}""");
		put(api, "/api/v1/namespaces/unplaced", """
				{"spec": {"owner": "team", "placement": {"clusters": []}}}""");
		for (String namespace : new String[] { "placed", "unplaced" }) {
			put(api, "/api/v1/namespaces/" + namespace + "/services/webapp", """
					{"spec": {"ports": [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "HTTP"}],
					 "versions": [{"name": "v1", "workload": {"image": "example.com/webapp:v1"}},
					 {"name": "v2", "workload": {"image": "example.com/webapp:v2"}}]}}""");
			route(api, namespace, 99);
		}
	}

	private int turn;

	private void route(ApiClient api, String namespace) {
		route(api, namespace, this.turn++ % 50);
	}

	private static void route(ApiClient api, String namespace, int weight) {
		put(api, "/api/v1/namespaces/" + namespace + "/routing-policies/webapp", """
				{"spec": {"service": "webapp", "rules": [{"name": "default", "split": [
				 {"version": "v1", "weight": %d}, {"version": "v2", "weight": %d}]}]}}""".formatted(weight,
				100 - weight));
	}

	/** Fails with the statements that it were instead. */
	private void assertStatements(int expected, Runnable request) {
		request.run();
		this.jdbc.sql("select pg_stat_statements_reset()").query().listOfRows();
		for (int time = 0; time < TIMES; time++) {
			request.run();
		}
		List<String> statements = new ArrayList<>();
		this.jdbc.sql(CALLS).param("times", TIMES).query((row) -> {
			statements.addAll(Collections.nCopies(row.getInt("calls") / TIMES, row.getString("query")));
		});
		assertThat(statements).hasSize(expected);
	}

	private static void put(ApiClient api, String path, String body) {
		ApiClient.Answer answer = api.put(path, body);
		assertThat(answer.status()).as(answer.text()).isIn(200, 201);
	}

}
