package dev.meshwright.store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

class InstallationIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	@Test
	void hasOneIdThatIsAValidLabelValue() {
		Installation installation = new JdbcInstallation(JdbcClient.create(database.dataSource()));
		assertThat(installation.id()).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?").isEqualTo(installation.id());
	}

}
