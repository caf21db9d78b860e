package dev.meshwright.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.CompilerSettings;
import dev.meshwright.model.Caller;
import dev.meshwright.model.Kind;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.Permission;
import dev.meshwright.model.ResourceId;
import dev.meshwright.store.Change;
import dev.meshwright.store.Change.Precondition;
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
 * Writes while no worker compiles, so that nobody but the writes says who depends on
 * what.
 */
class WritesIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static final Caller ADMIN = new Caller("admin", Set.of(Permission.values()), NamespaceScope.all());

	private static int count;

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final Validations validations = new Validations(
			new Compiler(List.of(), new CompilerSettings(new TreeSet<>(), Set.of())));

	private final Writes writes = new Writes(this.store.snapshots(), this.store.commits(), this.validations,
			this.store.installation(), ObservationRegistry.NOOP);

	private final String ns = "writes" + ++count;

	private final ResourceId webapp = ResourceId.service(this.ns, "webapp");

	private final ResourceId reviews = ResourceId.service(this.ns, "reviews");

	private final ResourceId policy = Declared.policy(this.ns, "webapp");

	private static final String ONE_VERSION = """
			{'ports': [{'name': 'http', 'port': 80, 'protocol': 'HTTP'}],
			 'versions': [{'name': 'v1', 'workload': {'image': 'example/app:1'}}]}""";

	private static final String TO_REVIEWS = """
			{'service': 'webapp', 'rules': [{'name': 'all', 'split': [{'service': 'reviews', 'version': 'v1'}]}]}""";

	@BeforeEach
	void declare() {
		write(Declared.put(ResourceId.namespace(this.ns), "{'placement': {'clusters': []}}"));
		write(Declared.put(this.webapp, ONE_VERSION));
		write(Declared.put(this.reviews, ONE_VERSION));
	}

	@Test
	void whatAnUncompiledPolicyRoutesToCannotBeTakenAwayAfterIt() {
		write(Declared.put(this.policy, TO_REVIEWS));
		assertThatExceptionOfType(ApiFailure.class).isThrownBy(() -> write(Declared.delete(this.reviews)))
			.satisfies((failure) -> {
				assertThat(failure.status()).isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT);
				assertThat(failure.errors()).singleElement().satisfies((error) -> {
					assertThat(error.resource()).isEqualTo(this.policy.toString());
					assertThat(error.pointer()).isEqualTo("/spec/rules/0/split/0/service");
				});
			});
		write(Declared.delete(this.policy));
		write(Declared.delete(this.reviews));
	}

	@Test
	void aWriteValidatedBeforeItsDependentCameIsValidatedAgain() {
		Commits late = new Commits() {

			private boolean first = true;

			@Override
			public Committed commit(Caller caller, List<Change> changes, String message, Validation validation,
					Optional<Jobs.Claim> job) {
				if (this.first) {
					this.first = false;
					write(Declared.put(WritesIT.this.policy, TO_REVIEWS));
				}
				return WritesIT.this.store.commits().commit(caller, changes, message, validation, job);
			}

		};
		Writes overtaken = new Writes(this.store.snapshots(), late, this.validations, this.store.installation(),
				ObservationRegistry.NOOP);
		assertThatExceptionOfType(ApiFailure.class)
			.isThrownBy(() -> overtaken.write(ADMIN, List.of(item(Declared.delete(this.reviews))), "late", false))
			.satisfies((failure) -> assertThat(failure.status()).isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT));
		assertThat(this.store.resources().find(ADMIN, this.reviews)).get()
			.extracting((found) -> found.resource().metadata().deletionTimestamp())
			.isNull();
	}

	@Test
	void orphaningNeedsAnAdministrator() {
		Caller developer = new Caller("dev", Set.of(Permission.READ_RESOURCES, Permission.WRITE_RESOURCES),
				NamespaceScope.all());
		Change orphan = new Change.Delete(this.reviews, Precondition.NONE, true);
		assertThatExceptionOfType(ApiFailure.class)
			.isThrownBy(() -> this.writes.write(developer, List.of(item(orphan)), "test", false))
			.satisfies((failure) -> assertThat(failure.status()).isEqualTo(HttpStatus.FORBIDDEN));
		this.writes.write(developer, List.of(item(Declared.delete(this.reviews))), "test", false);
		write(orphan);
		assertThat(this.store.auditLog().list(null, 1).getFirst().entry().target()).contains("objects forgotten");
	}

	@Test
	void aNamespaceWithResourcesIsNotDeletedAndEachIsNamed() {
		ResourceId id = ResourceId.namespace(this.ns);
		Change delete = new Change.Delete(id, new Precondition(null,
				this.store.resources().find(ADMIN, id).orElseThrow().resource().metadata().uid().toString(), false));
		assertThatExceptionOfType(ApiFailure.class).isThrownBy(() -> write(delete))
			.satisfies(
					(failure) -> assertThat(failure.errors()).extracting(dev.meshwright.document.ShapeError::resource)
						.contains(this.webapp.toString(), this.reviews.toString()));
		this.writes.write(ADMIN,
				List.of(item(delete), item(Declared.delete(this.webapp)), item(Declared.delete(this.reviews))), "all",
				false);
	}

	@Test
	void anOverrideThatIsOverAndStillDeclaredHindersNoWriteUnlessItIsChanged() {
		ResourceId override = new ResourceId(Kind.OVERRIDE, this.ns, "over");
		String spec = """
				{'target': {'service': 'webapp'}, 'change': {'backup': {'service': 'reviews'}}, 'reason': 'fire',
				 'expiresAt': '2025-01-01T00:00:00Z'}""";
		Declared.commit(this.store, Declared.put(override, spec));
		write(Declared.put(this.webapp, ONE_VERSION.replace("app:1", "app:2")));
		this.writes.write(ADMIN, List.of(item(Declared.put(override, spec, Map.of("team", "a"), Precondition.NONE)),
				item(Declared.put(this.reviews, ONE_VERSION.replace("app:1", "app:2")))), "all of it", false);
		assertThatExceptionOfType(ApiFailure.class)
			.isThrownBy(() -> write(Declared.put(override, spec.replace("fire", "flood"))))
			.satisfies((failure) -> {
				assertThat(failure.status()).isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT);
				assertThat(failure.errors()).singleElement().satisfies((error) -> {
					assertThat(error.pointer()).isEqualTo("/spec/expiresAt");
					assertThat(error.code()).isEqualTo("ALREADY_EXPIRED");
				});
			});
		write(Declared.delete(override));
	}

	private Writes.Written write(Change change) {
		return this.writes.write(ADMIN, List.of(item(change)), "test", false);
	}

	private static Writes.Item item(Change change) {
		return new Writes.Item(change, "", HttpStatus.CONFLICT);
	}

}
