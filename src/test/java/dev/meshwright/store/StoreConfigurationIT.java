package dev.meshwright.store;

import java.time.Duration;
import java.util.List;

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
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.meshwright.store.Declared.ALICE;
import static dev.meshwright.store.Declared.UNVALIDATED;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static org.assertj.core.api.Assertions.assertThat;

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

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ComponentScan
	static class StoreOnly {

	}

}
