package dev.meshwright.store;

import java.util.List;

import dev.meshwright.store.AuditLog.Entry;
import dev.meshwright.store.AuditLog.Recorded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class AuditLogIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final AuditLog log = new StoreFixture(database.dataSource()).auditLog();

	@Test
	void listsTheNewestFirst() {
		Entry denied = new Entry("anonymous", "GET /api/v1/services", "", false, "192.0.2.1", null);
		Entry allowed = new Entry("alice", "PUT /api/v1/clusters/{name}", "Cluster/east", true, "192.0.2.2", 7L);
		this.log.record(denied);
		this.log.record(allowed);
		List<Recorded> all = this.log.list(null, 10);
		assertThat(all).map(Recorded::entry).containsExactly(allowed, denied);
		assertThat(all.getFirst().timestamp()).isAfter(all.getLast().timestamp());
		assertThat(this.log.list(all.getFirst().id(), 10)).containsExactly(all.getLast());
		assertThat(this.log.list(null, 1)).containsExactly(all.getFirst());
	}

}
