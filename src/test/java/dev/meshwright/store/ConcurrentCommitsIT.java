package dev.meshwright.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import dev.meshwright.model.Key;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Commits.Committed;
import dev.meshwright.store.Commits.Outcome;
import dev.meshwright.store.Commits.Validation;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.meshwright.store.Declared.ALICE;
import static dev.meshwright.store.Declared.commit;
import static dev.meshwright.store.Declared.exposed;
import static dev.meshwright.store.Declared.port;
import static dev.meshwright.store.Declared.put;
import static dev.meshwright.store.Declared.resourceVersion;
import static org.assertj.core.api.Assertions.assertThat;

class ConcurrentCommitsIT {

	private static final int WRITERS = 16;

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	final StoreFixture store = new StoreFixture(database.dataSource());

	ExecutorService writers;

	@BeforeEach
	void start() {
		this.writers = Executors.newFixedThreadPool(WRITERS);
	}

	@AfterEach
	void stop() {
		this.writers.shutdownNow();
	}

	@Test
	void ofTheCreatorsOfOneResourceExactlyOneCreatesIt() throws Exception {
		for (int round = 0; round < 20; round++) {
			ResourceId id = ResourceId.service("creators", "service-" + round);
			List<Object> answers = race((writer) -> commit(this.store,
					put(id, port(1000 + writer), Map.of(), new Precondition(null, null, true))));
			assertThat(answers).filteredOn(Committed.class::isInstance).hasSize(1);
			assertThat(answers).filteredOn(StoreFailure.PreconditionFailed.class::isInstance).hasSize(WRITERS - 1);
		}
	}

	@Test
	void creatorsWithoutPreconditionReplaceOneAnother() throws Exception {
		ResourceId id = ResourceId.service("replacers", "webapp");
		List<Object> answers = race((writer) -> commit(this.store, put(id, port(1000 + writer))));
		assertThat(answers).allMatch(Committed.class::isInstance);
		assertThat(answers).map((answer) -> ((Committed) answer).results().getFirst().outcome())
			.containsOnlyOnce(Outcome.CREATED);
		assertThat(this.store.resources().find(ALICE, id).orElseThrow().resource().metadata().generation())
			.isEqualTo(WRITERS);
	}

	@Test
	void ofTheClaimantsOfOneHostExactlyOneGetsIt() throws Exception {
		List<Object> answers = race((writer) -> commit(this.store,
				put(ResourceId.service("claimants", "service-" + writer), exposed("claimants.example.com"))));
		assertThat(answers).filteredOn(Committed.class::isInstance).hasSize(1);
		assertThat(answers).filteredOn(StoreFailure.AlreadyClaimed.class::isInstance).hasSize(WRITERS - 1);
	}

	@Test
	void changeSetsThatOverlapInAnyOrderDoNotBlockOneAnother() throws Exception {
		List<ResourceId> ids = LongStream.range(0, 20).mapToObj((i) -> ResourceId.service("overlap", "s" + i)).toList();
		List<Object> answers = race((writer) -> {
			List<ResourceId> shuffled = new ArrayList<>(ids);
			Collections.shuffle(shuffled, new Random(writer));
			Committed last = null;
			for (int round = 0; round < 5; round++) {
				int port = 1000 + writer * 10 + round;
				last = this.store.commits()
					.commit(ALICE, shuffled.stream().<Change>map((id) -> put(id, port(port))).toList(), "overlap",
							Declared.UNVALIDATED);
			}
			return last;
		});
		assertThat(answers).allMatch(Committed.class::isInstance);
	}

	@Test
	void aThousandGuardedPutsHaveOneWinnerAVersionAndLeaveNoGap() throws Exception {
		ResourceId id = ResourceId.service("contended", "webapp");
		long first = commit(this.store, put(id, port(1))).revision();
		Set<Long> won = new HashSet<>();
		List<Future<List<Committed>>> futures = new ArrayList<>();
		for (int writer = 0; writer < WRITERS; writer++) {
			int number = writer;
			futures.add(this.writers.submit(() -> guardedPuts(id, number)));
		}
		int losers = 0;
		for (Future<List<Committed>> future : futures) {
			for (Committed committed : future.get()) {
				if (committed == null) {
					losers++;
				}
				else {
					assertThat(won.add(committed.revision())).as("one winner").isTrue();
				}
			}
		}
		assertThat(losers + won.size()).isEqualTo(1008);
		assertThat(won).isNotEmpty();
		assertThat(this.store.jdbc()
			.sql("select revision from revision where revision > :first order by revision")
			.param("first", first)
			.query(Long.class)
			.list()).containsExactlyElementsOf(LongStream.rangeClosed(first + 1, first + won.size()).boxed().toList());
		assertThat(this.store.resources().find(ALICE, id).orElseThrow().resource().metadata().generation())
			.isEqualTo(1 + won.size());
	}

	/** 63 puts, each guarded by the version just read; null where another was faster. */
	private List<Committed> guardedPuts(ResourceId id, int writer) {
		List<Committed> answers = new ArrayList<>();
		for (int i = 0; i < 63; i++) {
			long version = this.store.resources().find(ALICE, id).orElseThrow().resource().metadata().revision();
			try {
				answers
					.add(commit(this.store, put(id, port(100 + writer * 100 + i), Map.of(), resourceVersion(version))));
			}
			catch (StoreFailure.PreconditionFailed ex) {
				answers.add(null);
			}
		}
		return answers;
	}

	@Test
	void revisionOrderIsCommitOrder() throws Exception {
		CountDownLatch written = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		long head = this.store.revisions().head();
		Future<Committed> slow = this.writers.submit(() -> this.store.transaction().execute((status) -> {
			Committed committed = commit(this.store, put(ResourceId.service("order", "slow"), port(80)));
			written.countDown();
			await(go);
			return committed;
		}));
		await(written);
		Future<Committed> fast = this.writers
			.submit(() -> commit(this.store, put(ResourceId.service("order", "fast"), port(80))));
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.store.jdbc().sql("""
				select count(*) from pg_stat_activity
				where datname = current_database() and wait_event_type = 'Lock'""").query(Long.class).single() == 1);
		assertThat(fast.isDone()).isFalse();
		assertThat(this.store.revisions().after(ALICE, head, 10)).isEmpty();
		go.countDown();
		assertThat(slow.get().revision()).isEqualTo(head + 1);
		assertThat(fast.get().revision()).isEqualTo(head + 2);
	}

	@Test
	void ofTwoWritesThatAreEachValidAndTogetherNotExactlyOneCommits() throws Exception {
		for (int round = 0; round < 20; round++) {
			ResourceId left = ResourceId.service("together", "left-" + round);
			ResourceId right = ResourceId.service("together", "right-" + round);
			Set<Key> reads = Set.of(Key.resource(left), Key.resource(right));
			CyclicBarrier validated = new CyclicBarrier(2);
			List<Object> answers = race(2, (writer) -> {
				// valid as long as the other one is not there
				long revision = this.store.snapshots().read((snapshot) -> {
					assertThat(snapshot.find((writer == 0) ? right : left)).isEmpty();
					return snapshot.revision();
				});
				validated.await(20, TimeUnit.SECONDS);
				return this.store.commits()
					.commit(ALICE, List.of(put((writer == 0) ? left : right, port(80))), "test",
							new Validation(revision, reads));
			});
			assertThat(answers).filteredOn(Committed.class::isInstance).hasSize(1);
			assertThat(answers).filteredOn(StoreFailure.ConcurrentChange.class::isInstance).hasSize(1);
		}
	}

	private interface Writer {

		Object write(int number) throws Exception;

	}

	private List<Object> race(Writer writer) throws InterruptedException {
		return race(WRITERS, writer);
	}

	/** What each writer answered or threw, all having started together. */
	private List<Object> race(int count, Writer writer) throws InterruptedException {
		CyclicBarrier start = new CyclicBarrier(count);
		List<Callable<Object>> tasks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int number = i;
			tasks.add(() -> {
				start.await(20, TimeUnit.SECONDS);
				return writer.write(number);
			});
		}
		List<Object> answers = new ArrayList<>();
		for (Future<Object> future : this.writers.invokeAll(tasks)) {
			try {
				answers.add(future.get());
			}
			catch (ExecutionException ex) {
				answers.add(ex.getCause());
			}
		}
		return answers;
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
