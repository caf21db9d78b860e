package dev.meshwright.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.model.Resource;
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
	void whatWasReadIsNotReadAgain() {
		List<Change> changes = List.of(Declared.put(ResourceId.service("read", "s"), Declared.port(80)),
				Declared.put(Declared.policy("read", "s"), "{'service': 's'}"),
				Declared.put(ResourceId.service("read", "gone"), Declared.port(80)));
		Declared.commit(this.store, changes.toArray(Change[]::new));
		this.rows.units().expand();
		Declared.commit(this.store, Declared.delete(ResourceId.service("read", "gone")));
		List<ResourceId> ids = changes.stream().map(Change::id).toList();
		List<Resource<?>> resources = new ArrayList<>();
		ids.forEach((id) -> this.store.resources()
			.find(Declared.ALICE, id)
			.ifPresent((stored) -> resources.add(stored.resource())));
		assertThat(resources).hasSize(3);
		var asked = this.statuses.of(ids);
		int before = this.statements.getAndSet(0);
		assertThat(this.statuses.read(resources)).isEqualTo(asked).containsOnlyKeys(ids);
		assertThat(this.statements).hasValue(before - 1);
	}

	@Test
	void whatIsDeclaredAgainIsNotWaitedForToGo() {
		ResourceId service = ResourceId.service("again", "s");
		Declared.commit(this.store, Declared.put(service, Declared.port(80)));
		this.rows.units().expand();
		assertThat(this.statuses.terminating(List.of(service))).isFalse();
		Declared.commit(this.store, Declared.delete(service));
		assertThat(this.statuses.terminating(List.of(ResourceId.service("again", "other"), service))).isTrue();
		Declared.commit(this.store, Declared.put(service, Declared.port(80)));
		assertThat(this.statuses.terminating(List.of(service))).isFalse();
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
