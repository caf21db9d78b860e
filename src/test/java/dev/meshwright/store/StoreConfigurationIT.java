package dev.meshwright.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import dev.meshwright.model.ResourceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;

import static dev.meshwright.store.Declared.ALICE;
import static dev.meshwright.store.Declared.UNVALIDATED;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = "management.endpoint.health.validate-group-membership=false")
class StoreConfigurationIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	@DynamicPropertySource
	static void connect(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", database::jdbcUrl);
		registry.add("spring.datasource.username", () -> PostgresTestDatabase.USER);
		registry.add("spring.datasource.password", database::password);
	}

	@Test
	void theBeansWorkTogetherOnABoundedPool(@Autowired Commits commits, @Autowired Resources resources,
			@Autowired Signals signals, @Autowired JdbcClient jdbc) throws Exception {
		ResourceId id = ResourceId.service("configured", "webapp");
		commits.commit(ALICE, List.of(put(id, port(80))), "test", UNVALIDATED);
		assertThat(resources.find(ALICE, id)).isPresent();
		assertThat(signals.await(Signals.Topic.REVISION, 0, Duration.ofSeconds(10))).isPositive();
		assertThat(jdbc.sql("show statement_timeout").query(String.class).single()).isEqualTo("30s");
	}

	/** The others wait for its locks no longer than a statement may take. */
	@Test
	void aProcessThatStandsStillLosesItsLocks(@Autowired DataSource pool, @Autowired Units units,
			@Autowired Commits commits) throws SQLException {
		commits.commit(ALICE, List.of(put(ResourceId.service("still", "webapp"), port(80))), "test", UNVALIDATED);
		try (Connection still = pool.getConnection()) {
			still.setAutoCommit(false);
			JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(still, true));
			jdbc.sql("select revision from expansion for update").query().singleValue();
			units.expand();
			assertThatThrownBy(() -> jdbc.sql("select 1").query().singleValue()).rootCause()
				.hasMessageContaining("idle-in-transaction");
		}
	}

	@Test
	void aReadMayBeSilentForLongerAndOnlyThat(@Autowired JdbcClient jdbc,
			@Autowired PlatformTransactionManager transactions) {
		String silence = "show idle_in_transaction_session_timeout";
		assertThat(new ConsistentRead(jdbc, transactions).read(() -> jdbc.sql(silence).query(String.class).single()))
			.isEqualTo("2min");
		assertThat(jdbc.sql(silence).query(String.class).single()).isEqualTo("15s");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ComponentScan
	static class StoreOnly {

	}

}
