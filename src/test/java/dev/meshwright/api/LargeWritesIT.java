package dev.meshwright.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Declared;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.StoreFixture;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Writes on which more units depend than are compiled while their caller waits: here
 * three.
 */
class LargeWritesIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static final Caller ADMIN = new Caller("admin", Set.of(Permission.values()), NamespaceScope.all());

	private static final String ONE_VERSION = """
			{'ports': [{'name': 'http', 'port': 80, 'protocol': 'HTTP'}],
			 'versions': [{'name': 'v1', 'workload': {'image': 'example/app:1'}}]}""";

	private static final Set<Jobs.Task> CHANGE_SETS = Set.of(Jobs.Task.CHANGE_SET);

	private static int count;

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final Jobs jobs = this.store.jobs();

	private final Writes writes = new Writes(this.store.snapshots(), this.store.commits(),
			new Validations(new Compiler(List.of(), new CompilerSettings(new TreeSet<>(), Set.of()))),
			this.store.installation(), ObservationRegistry.NOOP);

	private final LargeWriteProperties properties = new LargeWriteProperties(3, Duration.ZERO, Duration.ofSeconds(30));

	private final JobRunner runner = new JobRunner(this.jobs, this.store.signals(), this.writes, this.properties);

	private final LargeWrites large = large(this.properties);

	private final ResourceId namespace = ResourceId.namespace("large" + ++count);

	private final Change.Put placed = Declared.put(this.namespace, "{'owner': 'other', 'placement': {'clusters': []}}");

	@BeforeEach
	void declare() {
		List<Writes.Item> items = new ArrayList<>();
		items.add(item(Declared.put(this.namespace, "{'placement': {'clusters': []}}")));
		for (int number = 0; number < 5; number++) {
			items.add(item(Declared.put(service(number), ONE_VERSION)));
		}
		this.writes.write(ADMIN, items, "begin", false);
	}

	@Test
	void fewUnitsAreCompiledAtOnce() {
		LargeWrites.Outcome outcome = this.large.write(ADMIN,
				List.of(item(Declared.put(service(0), ONE_VERSION.replace("80", "81")))), "one", false);
		assertThat(outcome).isInstanceOf(LargeWrites.Done.class);
		assertThat(this.large.write(ADMIN, List.of(item(this.placed)), "dry", true))
			.isInstanceOf(LargeWrites.Done.class);
		assertThat(this.jobs.claim(CHANGE_SETS, Duration.ofSeconds(30))).isEmpty();
	}

	@Test
	void manyBecomeAJobThatCommitsWhatItsCallerSent() {
		Jobs.Job job = submit(item(this.placed), item(Declared.delete(service(4))));
		assertThat(job.state()).isEqualTo(Jobs.State.PENDING);
		long before = this.store.revisions().head();
		assertThat(this.runner.next()).isTrue();
		JobView done = JobView.of(this.jobs.find(ADMIN, job.id()).orElseThrow());
		assertThat(done.state()).isEqualTo("Succeeded");
		assertThat(done.revision()).isEqualTo(before + 1);
		assertThat(done.items()).extracting(JobView.ItemView::outcome).containsExactly("updated", "deleted");
		assertThat(this.store.revisions().find(ADMIN, before + 1)).get()
			.satisfies((revision) -> assertThat(revision.author()).isEqualTo("admin"))
			.satisfies((revision) -> assertThat(revision.message()).isEqualTo("many"));
		assertThat(this.runner.next()).as("it is done once").isFalse();
	}

	@Test
	void whoWaitsLongEnoughIsAnsweredAsAlways() {
		LargeWrites patient = large(new LargeWriteProperties(3, Duration.ofMinutes(1), Duration.ofSeconds(30)));
		this.runner.start();
		try {
			LargeWrites.Outcome outcome = patient.write(ADMIN, List.of(item(this.placed)), "many", false);
			assertThat(outcome).isInstanceOfSatisfying(LargeWrites.Done.class,
					(done) -> assertThat(done.written().results()).singleElement()
						.satisfies((result) -> assertThat(result.outcome()).isEqualTo(Commits.Outcome.UPDATED)));
			Change bad = Declared.put(this.namespace, "{'placement': {'clusters': ['nowhere']}}");
			assertThatExceptionOfType(ApiFailure.class)
				.isThrownBy(() -> patient.write(ADMIN, List.of(item(bad)), "many", false))
				.satisfies((failure) -> assertThat(failure.status()).isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT));
		}
		finally {
			this.runner.stop();
		}
	}

	@Test
	void aJobThatFailsSaysWhyAndStoresNothing() {
		long head = this.store.revisions().head();
		Jobs.Job job = submit(item(Declared.put(this.namespace, "{'placement': {'clusters': ['nowhere']}}")));
		this.runner.next();
		Problem problem = JobView.of(this.jobs.find(ADMIN, job.id()).orElseThrow()).problem();
		assertThat(problem.status()).isEqualTo(422);
		assertThat(problem.errors().getFirst().code()).isEqualTo("CLUSTER_NOT_FOUND");
		assertThat(this.store.revisions().head()).isEqualTo(head);
	}

	@Test
	void preconditionsAreCheckedAtTheCommit() {
		String version = this.store.resources()
			.find(ADMIN, this.namespace)
			.orElseThrow()
			.resource()
			.metadata()
			.resourceVersion();
		Jobs.Job job = submit(new Writes.Item(
				new Change.Put(this.namespace, this.placed.spec(), this.placed.specTree(), this.placed.labels(),
						this.placed.annotations(), new Change.Precondition(version, null, false)),
				"", HttpStatus.PRECONDITION_FAILED));
		this.writes.write(ADMIN,
				List.of(item(Declared.put(this.namespace, "{'owner': 'a', 'placement': {'clusters': []}}"))), "first",
				false);
		this.runner.next();
		assertThat(JobView.of(this.jobs.find(ADMIN, job.id()).orElseThrow()).problem().status()).isEqualTo(412);
	}

	@Test
	void theJobOfADeadProcessIsDoneByAnotherOnceAndNotByTheDead() {
		Jobs.Job job = submit(item(this.placed));
		Jobs.Claim dead = this.jobs.claim(CHANGE_SETS, Duration.ZERO).orElseThrow();
		assertThat(this.jobs.find(ADMIN, job.id()).orElseThrow().state()).isEqualTo(Jobs.State.RUNNING);
		Jobs.Claim taker = this.jobs.claim(CHANGE_SETS, Duration.ofSeconds(30)).orElseThrow();
		assertThat(taker.id()).isEqualTo(dead.id()).isEqualTo(job.id());
		assertThat(taker.owner()).isEqualTo(ADMIN);
		assertThat(this.jobs.renew(dead, Duration.ofMinutes(1))).isFalse();
		WriteRequest request = WriteRequest.read(dead.request());
		assertThatExceptionOfType(ApiFailure.class).as("whose claim is lost commits nothing")
			.isThrownBy(() -> this.writes.write(ADMIN, request.items(), "late", false, Integer.MAX_VALUE,
					Optional.of(dead)));
		long head = this.store.revisions().head();
		this.writes.write(ADMIN, request.items(), "many", false, Integer.MAX_VALUE, Optional.of(taker));
		assertThat(this.store.revisions().head()).isEqualTo(head + 1);
		this.jobs.fail(taker, "{}");
		assertThat(this.jobs.find(ADMIN, job.id()).orElseThrow().state()).isEqualTo(Jobs.State.SUCCEEDED);
	}

	@Test
	void aJobIsSeenByItsOwnerAndByAdministrators() {
		Caller owner = new Caller("owner", Set.of(Permission.READ_RESOURCES, Permission.WRITE_RESOURCES),
				NamespaceScope.of(Set.of("a", "b")));
		Caller other = new Caller("other", Set.of(Permission.READ_RESOURCES), NamespaceScope.all());
		java.util.UUID id = this.jobs.submit(owner, Jobs.Task.CHANGE_SET, "{}");
		assertThat(this.jobs.find(owner, id)).isPresent();
		assertThat(this.jobs.find(ADMIN, id)).isPresent();
		assertThat(this.jobs.find(other, id)).isEmpty();
		Jobs.Claim claim = this.jobs.claim(CHANGE_SETS, Duration.ofSeconds(30)).orElseThrow();
		assertThat(claim.owner()).isEqualTo(owner);
		this.jobs.fail(claim, "{}");
	}

	@Test
	void whatIsDoneCanBeReadForAWeek() {
		java.util.UUID old = this.jobs.submit(ADMIN, Jobs.Task.CHANGE_SET, "{}");
		this.jobs.fail(this.jobs.claim(CHANGE_SETS, Duration.ofSeconds(30)).orElseThrow(), "{}");
		java.util.UUID open = this.jobs.submit(ADMIN, Jobs.Task.CHANGE_SET, "{}");
		assertThat(this.jobs.find(ADMIN, old)).isPresent();
		this.store.jdbc()
			.sql("update job set created_at = created_at - interval '8 days', "
					+ "finished_at = finished_at - interval '8 days'")
			.update();
		this.jobs.submit(ADMIN, Jobs.Task.CHANGE_SET, "{}");
		assertThat(this.jobs.find(ADMIN, old)).isEmpty();
		assertThat(this.jobs.find(ADMIN, open)).isPresent();
		for (int left = 0; left < 2; left++) {
			this.jobs.fail(this.jobs.claim(CHANGE_SETS, Duration.ofSeconds(30)).orElseThrow(), "{}");
		}
	}

	private LargeWrites large(LargeWriteProperties some) {
		return new LargeWrites(this.writes, new AwaitedJobs(this.jobs, this.store.signals(), some),
				this.store.resources(), some);
	}

	private Jobs.Job submit(Writes.Item... items) {
		LargeWrites.Outcome outcome = this.large.write(ADMIN, List.of(items), "many", false);
		assertThat(outcome).isInstanceOf(LargeWrites.Deferred.class);
		return ((LargeWrites.Deferred) outcome).job();
	}

	private ResourceId service(int number) {
		return ResourceId.service(this.namespace.name(), "s" + number);
	}

	private static Writes.Item item(Change change) {
		return new Writes.Item(change, "", HttpStatus.CONFLICT);
	}

}
