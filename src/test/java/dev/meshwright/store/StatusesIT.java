package dev.meshwright.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.model.ResourceId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

class StatusesIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final ReconcileStore rows = ReconcileStore.on(database.dataSource());

	private final AtomicInteger statements = new AtomicInteger();

	private final Statuses statuses = new JdbcStatuses(JdbcClient.create(new Counted()));

	@Test
	void aPageCostsNoMoreStatementsThanOne() {
		List<ResourceId> ids = new ArrayList<>();
		for (int number = 0; number < 30; number++) {
			ids.add(ResourceId.service("page", "s" + number));
			ids.add(Declared.policy("page", "s" + number));
			Declared.commit(this.store, Declared.put(ids.get(ids.size() - 2), Declared.port(80)),
					Declared.put(ids.getLast(), "{'service': 's" + number + "'}"));
		}
		this.rows.units().expand();
		this.statuses.of(ids.subList(0, 2));
		int forTwo = this.statements.getAndSet(0);
		var found = this.statuses.of(ids);
		assertThat(this.statements).hasValue(forTwo);
		assertThat(found).containsOnlyKeys(ids);
		for (ResourceId id : ids) {
			assertThat(found.get(id)).as(id.toString())
				.isEqualTo(this.statuses.of(id))
				.singleElement()
				.satisfies((unit) -> assertThat(unit.pending()).isTrue());
		}
	}

	@Test
	void whatIsNotThereHasNone() {
		ResourceId nowhere = ResourceId.service("page", "nowhere");
		assertThat(this.statuses.of(List.of(nowhere, Declared.policy("page", "nowhere")))).isEmpty();
		assertThat(this.statuses.of(List.of())).isEmpty();
	}

	/** Counts the statements that are prepared. */
	private final class Counted extends DelegatingDataSource {

		Counted() {
			super(database.dataSource());
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
					new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
						if (method.getName().equals("prepareStatement")) {
							StatusesIT.this.statements.incrementAndGet();
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

	}

}
