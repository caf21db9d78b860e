package dev.meshwright.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.meshwright.model.ClusterFacts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class FactsIT {

	private static final ClusterFacts FACTS = new ClusterFacts("uid", "v1.36.3",
			Set.of("v1/Service", "apps/v1/Deployment"));

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	final Facts facts = this.store.facts();

	@BeforeEach
	void units() {
		this.store.jdbc().sql("truncate unit, unit_read, cluster_facts").update();
		this.store.jdbc().sql("""
				insert into unit (cluster, namespace, service) values
				('east', 'shop', 'webapp'), ('west', 'shop', 'webapp'), ('north', 'shop', 'reader')""").update();
		this.store.jdbc().sql("""
				insert into unit_read (key, cluster, namespace, service)
				values ('cluster-facts=east', 'north', 'shop', 'reader')""").update();
	}

	@Test
	void factsThatDifferMakeDependentUnitsDueForAResyncWithoutARevision() {
		long head = this.store.revisions().head();
		this.facts.found("east", FACTS);
		assertThat(resyncs()).containsExactly("east", "north");
		this.store.jdbc().sql("update unit set resync = false").update();
		this.facts.found("east", FACTS);
		assertThat(resyncs()).isEmpty();
		this.facts.found("east", new ClusterFacts("uid", "v1.37.0", FACTS.apis()));
		assertThat(resyncs()).containsExactly("east", "north");
		assertThat(this.store.revisions().head()).isEqualTo(head);
	}

	@Test
	void whatWasFoundStaysWhenTheClusterDoesNotAnswer() {
		assertThat(this.facts.of("east")).isEmpty();
		this.facts.unreachable("east", "connection refused");
		assertThat(this.facts.of("east").orElseThrow().facts()).isNull();
		assertThat(this.store.snapshots().<Boolean>read((snapshot) -> snapshot.facts("east").isPresent())).isFalse();
		this.facts.found("east", FACTS);
		this.facts.unreachable("east", "timed out");
		Facts.Known known = this.facts.of("east").orElseThrow();
		assertThat(known.facts()).isEqualTo(FACTS);
		assertThat(known.reachable()).isFalse();
		assertThat(known.message()).isEqualTo("timed out");
		assertThat(this.store.snapshots().<Optional<ClusterFacts>>read((snapshot) -> snapshot.facts("east")))
			.contains(FACTS);
		this.facts.found("east", FACTS);
		assertThat(this.facts.of("east").orElseThrow().reachable()).isTrue();
	}

	private List<String> resyncs() {
		return this.store.jdbc()
			.sql("select cluster from unit where resync order by cluster")
			.query(String.class)
			.list();
	}

}
