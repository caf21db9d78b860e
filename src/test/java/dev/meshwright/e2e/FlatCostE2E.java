package dev.meshwright.e2e;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.meshwright.MeshwrightApplication;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.Tokens;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What one change costs the database, from the write to the end of the push, does not
 * grow with what is stored: counted in blocks that each statement touches, not in time.
 */
class FlatCostE2E {

	@RegisterExtension
	static final PostgresTestDatabase ANALYZED = new PostgresTestDatabase();

	@RegisterExtension
	static final PostgresTestDatabase NEW = new PostgresTestDatabase();

	private static final int CHANGES = 10;

	/** In one change set. */
	private static final int TOGETHER = 100;

	private static final String WORK = """
			select queryid, query, calls, shared_blks_hit + shared_blks_read as blocks from pg_stat_statements s
			join pg_database d on d.oid = s.dbid and d.datname = current_database()
			where query not like '%asked by the test%' and query not like '%pg_stat_statements%'""";

	/** Calls of the statement that finds the objects that watches tell of. */
	private static final String TOLD = """
			select coalesce(sum(calls), 0) from pg_stat_statements
			where query like '%select * from inventory where cluster%' and query not like '%pg_stat_statements%'""";

	private JdbcClient jdbc;

	private int turn;

	/** Of one statement while some changes were made; constants make no difference. */
	private record Work(long id, String statement, long calls, long blocks) {

		double blocksOfACall() {
			return (double) this.blocks / this.calls;
		}

	}

	/**
	 * However it came that the plans are kept.
	 * @param analyzed whether they rest on statistics of what was little, or on none
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void oneChangeCostsTheSameHoweverMuchIsStored(boolean analyzed) {
		PostgresTestDatabase database = analyzed ? ANALYZED : NEW;
		this.jdbc = JdbcClient.create(database.dataSource());
		try (ConfigurableApplicationContext application = application(database)) {
			ApiClient api = new ApiClient(
					URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port")),
					application.getBean(Tokens.class).issue("tester", "admin"));
			this.jdbc.sql("create extension pg_stat_statements").update();
			declare(api);
			change(api, CHANGES);
			// the plans are made, and kept, while there is next to nothing
			if (analyzed) {
				this.jdbc.sql("vacuum analyze").update();
				change(api, CHANGES);
			}
			Map<Long, Work> small = work(api);
			grow(api, 600);
			awaitSeen();
			// what writes before have read is gone, and no part of what is stored
			this.jdbc.sql("vacuum validated_read").update();
			assertAlike(small, work(api), "with plans from when little was stored", 300, 6);
			this.jdbc.sql("vacuum analyze").update();
			change(api, CHANGES);
			assertAlike(small, work(api), "with plans for what is stored", 20, 3);
		}
	}

	private static ConfigurableApplicationContext application(PostgresTestDatabase database) {
		return new SpringApplicationBuilder(MeshwrightApplication.class).run("--server.port=0",
				"--spring.datasource.url=" + database.jdbcUrl(),
				"--spring.datasource.username=" + PostgresTestDatabase.USER,
				"--spring.datasource.password=" + database.password());
	}

	private void declare(ApiClient api) {
		put(api, "/api/v1/clusters/east", """
				{"spec": {"mesh": "istio", "meshVersion": "1.29", "connection": {"sandbox": {}},
				 "settle": {"beforeSwitch": "0s", "beforeBreak": "0s"}}}""");
		put(api, "/api/v1/namespaces/probe", """
				{"spec": {"owner": "team", "placement": {"clusters": ["east"]}}}""");
		put(api, "/api/v1/namespaces/probe/services/probe", """
				{"spec": {"ports": [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "HTTP"}],
				 "versions": [{"name": "v1", "workload": {"image": "example.com/probe:v1"}},
				 {"name": "v2", "workload": {"image": "example.com/probe:v2"}}]}}""");
		settle();
	}

	/**
	 * Changes one weight of one route, so many times, each worked off before the next.
	 */
	private void change(ApiClient api, int times) {
		for (int i = 0; i < times; i++) {
			int weight = 1 + this.turn++ % 98;
			put(api, "/api/v1/namespaces/probe/routing-policies/probe", """
					{"spec": {"service": "probe", "rules": [{"name": "default", "timeout": "3s", "split": [
					 {"version": "v1", "weight": %d}, {"version": "v2", "weight": %d}]}]}}""".formatted(weight,
					100 - weight));
			settle();
		}
	}

	/**
	 * In the namespace of the service that changes, so that what reads its namespace
	 * whole is noticed, too.
	 */
	private void grow(ApiClient api, int services) {
		for (int first = 0; first < services; first += TOGETHER) {
			String yaml = IntStream.range(first, first + TOGETHER)
				.mapToObj(
						"""
								{kind: Service, metadata: {namespace: probe, name: service-%1$d}, spec: {
								  ports: [{name: http, port: 80, protocol: HTTP}], versions: [{name: v1, selector: {app: s%1$d}}]}}"""::formatted)
				.collect(Collectors.joining("\n---\n"));
			ApiClient.Answer answer = api.changeSet(yaml);
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		}
		settle();
	}

	/** Waits until the watches have told of all that was pushed. */
	private void awaitSeen() {
		Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofSeconds(1)).until(() -> {
			long told = this.jdbc.sql(TOLD).query(Long.class).single();
			this.jdbc.sql("select pg_stat_statements_reset()").query().listOfRows();
			return told == 0;
		});
	}

	/** What each statement did while changes were made. */
	private Map<Long, Work> work(ApiClient api) {
		this.jdbc.sql("select pg_stat_statements_reset()").query().listOfRows();
		change(api, CHANGES);
		return this.jdbc.sql(WORK)
			.query((row, number) -> new Work(row.getLong("queryid"), row.getString("query"), row.getLong("calls"),
					row.getLong("blocks")))
			.list()
			.stream()
			.collect(Collectors.toMap(Work::id, (work) -> work,
					(one, other) -> new Work(one.id, one.statement, one.calls + other.calls, one.blocks + other.blocks),
					TreeMap::new));
	}

	/**
	 * An index is a level deeper when it holds more, and rows that died leave entries
	 * behind until they are cleared away, which is what the allowance is for. A table of
	 * the fleet that is read whole is six hundred and more.
	 * @param more how many blocks a statement may touch beside twice as many as before
	 * @param times how many times as many blocks all of it may touch
	 */
	private static void assertAlike(Map<Long, Work> small, Map<Long, Work> large, String when, int more, int times) {
		assertThat(large.values()).as("blocks that a call touches, " + when).allSatisfy((work) -> {
			Work before = small.get(work.id);
			double allowed = ((before != null) ? 2 * before.blocksOfACall() : 0) + more;
			assertThat(work.blocksOfACall()).as(work.statement).isLessThan(allowed);
		});
		assertThat(blocks(large)).as("blocks of all calls, " + when).isLessThan(times * blocks(small));
	}

	private static long blocks(Map<Long, Work> work) {
		return work.values().stream().mapToLong(Work::blocks).sum();
	}

	private void settle() {
		Settled.await(this.jdbc);
	}

	private static void put(ApiClient api, String path, String body) {
		ApiClient.Answer answer = api.put(path, body);
		assertThat(answer.status()).as(answer.text()).isIn(200, 201);
	}

}
