package dev.meshwright.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.document.ShapeError;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Commits;
import dev.meshwright.store.Declared;
import dev.meshwright.store.History;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.StoreFixture;
import dev.meshwright.store.StoredResource;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Rollbacks while others write, and for callers who may not write everything. */
class RollbacksIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static final Caller ADMIN = new Caller("admin", Set.of(Permission.values()), NamespaceScope.all());

	private static int count;

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final Writes writes = new Writes(this.store.snapshots(), this.store.commits(),
			new Validations(new Compiler(List.of(), new CompilerSettings(new TreeSet<>(), Set.of()))),
			this.store.installation(), ObservationRegistry.NOOP);

	private final Rollbacks rollbacks = new Rollbacks(this.store.revisions(), this.store.history(),
			this.store.snapshots());

	private final String ns = "rollbacks" + ++count;

	private final ResourceId webapp = ResourceId.service(this.ns, "webapp");

	private final Caller developer = new Caller("dev", Set.of(Permission.READ_RESOURCES, Permission.WRITE_RESOURCES),
			NamespaceScope.of(Set.of(this.ns)));

	private long first;

	@BeforeEach
	void declare() {
		write(Declared.put(ResourceId.namespace(this.ns), "{'placement': {'clusters': []}}"));
		this.first = write(service(1));
	}

	@Test
	void whatIsWrittenBetweenReadingAndCommittingIsNotLost() {
		write(service(2));
		Restoration restoration = this.rollbacks.rollback(ADMIN, namespace(this.first, null), false);
		long meanwhile = write(service(3));
		assertThatExceptionOfType(ApiFailure.class)
			.isThrownBy(() -> this.writes.write(ADMIN, restoration.items(), "late", false))
			.satisfies((failure) -> {
				assertThat(failure.status()).isEqualTo(HttpStatus.CONFLICT);
				assertThat(failure.errors()).extracting(ShapeError::code, ShapeError::resource)
					.containsExactly(
							org.assertj.core.groups.Tuple.tuple("PRECONDITION_FAILED", this.webapp.toString()));
			});
		assertThat(this.store.revisions().head()).isEqualTo(meanwhile);
	}

	@Test
	void whatIsDeclaredAnewMeanwhileIsNotReplaced() {
		write(Declared.delete(this.webapp));
		Restoration restoration = this.rollbacks.undo(ADMIN, this.store.revisions().head());
		write(service(7));
		assertThatExceptionOfType(ApiFailure.class)
			.isThrownBy(() -> this.writes.write(ADMIN, restoration.items(), "late", false))
			.satisfies((failure) -> assertThat(failure.status()).isEqualTo(HttpStatus.CONFLICT));
		assertThat(current().spec().at("/ports/0/port").intValue()).isEqualTo(7);
	}

	@Test
	void writersAndRollbacksWhoMeetTakeBackOnlyWhatTheySaw() throws Exception {
		Map<Long, Long> bases = new ConcurrentHashMap<>();
		try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
			List<Future<?>> done = new ArrayList<>();
			for (int thread = 0; thread < 2; thread++) {
				int port = 1000 * (thread + 1);
				done.add(threads.submit(() -> {
					for (int i = 0; i < 25; i++) {
						write(service(port + i));
					}
				}));
				done.add(threads.submit(() -> {
					for (int i = 0; i < 25; i++) {
						rollBackFromHead(bases);
					}
				}));
			}
			for (Future<?> each : done) {
				each.get();
			}
		}
		// one that nobody disturbs: whatever the luck of the others, there is traffic
		write(service(9));
		rollBackFromHead(bases);
		assertThat(bases).isNotEmpty();
		bases.forEach((revision, base) -> {
			History.ChangeSet changeSet = this.store.history().changeSet(ADMIN, revision).orElseThrow();
			StoredResource replaced = this.store.history().find(ADMIN, this.webapp, revision - 1).orElseThrow();
			assertThat(replaced.resource().metadata().revision()).as("what revision %s replaced", revision)
				.isLessThanOrEqualTo(base);
			assertThat(changeSet.changes().getFirst().after().at("/spec/ports/0/port").intValue()).isOne();
		});
	}

	@Test
	void aDeveloperRestoresWhatIsTheirsAndNothingElse() {
		write(service(2));
		ResourceId foreign = ResourceId.service("foreign" + this.ns, "webapp");
		long both = this.writes.write(ADMIN, List.of(item(service(3)),
				item(Declared.put(ResourceId.namespace(foreign.namespace()), "{'placement': {'clusters': []}}")),
				item(Declared.put(foreign, spec(80)))), "both", false)
			.revision();
		refused(() -> this.rollbacks.undo(this.developer, both), HttpStatus.FORBIDDEN, "FORBIDDEN");
		refused(() -> this.rollbacks.rollback(this.developer,
				new RollbackRequest(this.first, new RollbackRequest.Scope(null, null, true), null, null), false),
				HttpStatus.FORBIDDEN, "FORBIDDEN");
		refused(() -> this.rollbacks.rollback(this.developer,
				new RollbackRequest(this.first, new RollbackRequest.Scope(null, foreign.namespace(), null), null, null),
				false), HttpStatus.FORBIDDEN, "FORBIDDEN");
		Restoration own = this.rollbacks.rollback(this.developer, namespace(this.first, null), false);
		this.writes.write(this.developer, own.items(), "own", false);
		assertThat(current().spec().at("/ports/0/port").intValue()).isOne();
	}

	@Test
	void aNamespaceIsNotTakenAwayWithoutABase() {
		ResourceId extra = ResourceId.namespace("extra" + this.ns);
		write(Declared.put(extra, "{'placement': {'clusters': []}}"));
		RollbackRequest.Scope everything = new RollbackRequest.Scope(null, null, true);
		refused(() -> this.rollbacks.rollback(ADMIN, new RollbackRequest(this.first, everything, null, null), false),
				HttpStatus.PRECONDITION_REQUIRED, "PRECONDITION_REQUIRED");
		Restoration dry = this.rollbacks.rollback(ADMIN, new RollbackRequest(this.first, everything, null, null), true);
		Writes.Written shown = this.writes.write(ADMIN, dry.items(), "dry", true);
		assertThat(shown.results()).map(Commits.Result::id).containsExactly(extra);
		Restoration restoration = this.rollbacks.rollback(ADMIN,
				new RollbackRequest(this.first, everything, shown.revision(), null), false);
		assertThat(restoration.items()).map((item) -> item.change().id()).containsExactly(extra);
	}

	@Test
	void whatThisVersionWouldRefuseIsNamedWithItsPlace() {
		long second = write(service(2));
		this.store.jdbc().sql("""
				update resource_change set before = jsonb_set(before, '{spec,colour}', '"blue"')
				where revision = :second""").param("second", second).update();
		assertThatExceptionOfType(ApiFailure.class).isThrownBy(() -> this.rollbacks.undo(ADMIN, second))
			.satisfies((failure) -> {
				assertThat(failure.status()).isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT);
				assertThat(failure.errors()).extracting(ShapeError::pointer, ShapeError::code, ShapeError::resource)
					.containsExactly(org.assertj.core.groups.Tuple.tuple("/spec/colour", "UNKNOWN_FIELD",
							this.webapp.toString()));
			});
	}

	@Test
	void whatIsDecidedForATimeGoesBackOnlyByName() {
		ResourceId override = new ResourceId(Kind.OVERRIDE, this.ns, "away");
		Declared.commit(this.store,
				Declared.put(override, "{'target': {}, 'change': {'evacuate': {'region': 'eu'}}, 'reason': 'fire'}"));
		assertThat(this.rollbacks.rollback(ADMIN, namespace(this.first, null), false).items()).isEmpty();
		RollbackRequest.Scope named = new RollbackRequest.Scope(new RollbackRequest.Named("Override", this.ns, "away"),
				null, null);
		assertThat(this.rollbacks.rollback(ADMIN, new RollbackRequest(this.first, named, null, null), false).items())
			.map((item) -> item.change().id())
			.containsExactly(override);
	}

	@Test
	void labelsAndAnnotationsGoBackToo() {
		write(Declared.put(this.webapp, spec(1), Map.of("tier", "web"), Precondition.NONE));
		Restoration restoration = this.rollbacks.undo(ADMIN, this.store.revisions().head());
		this.writes.write(ADMIN, restoration.items(), "undo", false);
		assertThat(current().resource().metadata().labels()).isEmpty();
		assertThat(current().resource().metadata().generation()).isOne();
	}

	private void rollBackFromHead(Map<Long, Long> bases) {
		long base = this.store.revisions().head();
		try {
			Restoration restoration = this.rollbacks.rollback(ADMIN, namespace(this.first, base), false);
			if (!restoration.items().isEmpty()) {
				Writes.Written written = this.writes.write(ADMIN, restoration.items(), "back", false);
				bases.put(written.revision(), base);
			}
		}
		catch (ApiFailure failure) {
			assertThat(failure.status()).isEqualTo(HttpStatus.CONFLICT);
		}
	}

	private static void refused(Runnable call, HttpStatus status, String code) {
		assertThatExceptionOfType(ApiFailure.class).isThrownBy(call::run).satisfies((failure) -> {
			assertThat(failure.status()).isEqualTo(status);
			assertThat(failure.errors()).extracting(ShapeError::code).containsOnly(code);
		});
	}

	private RollbackRequest namespace(long to, Long base) {
		return new RollbackRequest(to, new RollbackRequest.Scope(null, this.ns, null), base, null);
	}

	private StoredResource current() {
		return this.store.resources().find(ADMIN, this.webapp).orElseThrow();
	}

	private Change service(int port) {
		return Declared.put(this.webapp, spec(port));
	}

	private static String spec(int port) {
		return "{'ports': [{'name': 'http', 'port': " + port + ", 'protocol': 'HTTP'}],"
				+ " 'versions': [{'name': 'v1', 'workload': {'image': 'example/app:1'}}]}";
	}

	private long write(Change change) {
		while (true) {
			try {
				return this.writes.write(ADMIN, List.of(item(change)), "test", false).revision();
			}
			catch (ApiFailure failure) {
				if (failure.status() != HttpStatus.CONFLICT) {
					throw failure;
				}
			}
		}
	}

	private static Writes.Item item(Change change) {
		return new Writes.Item(change, "", HttpStatus.CONFLICT);
	}

}
