package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import dev.meshwright.model.Caller;
import dev.meshwright.model.NamespaceScope;
import dev.meshwright.model.Permission;
import dev.meshwright.store.Jobs;
import dev.meshwright.store.PostgresTestDatabase;
import dev.meshwright.store.ReconcileStore;
import dev.meshwright.store.StoreFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Questions that the API asks and a reconciling replica answers. */
class ClusterQuestionsIT {

	@RegisterExtension
	static final PostgresTestDatabase database = new PostgresTestDatabase();

	private static final Set<Jobs.Task> PLANS = Set.of(Jobs.Task.PLAN);

	private final StoreFixture store = new StoreFixture(database.dataSource());

	private final Jobs jobs = this.store.jobs();

	private final Caller caller = new Caller("dev", Set.of(Permission.READ_RESOURCES), NamespaceScope.of(Set.of("a")));

	private final AtomicInteger asked = new AtomicInteger();

	private ClusterQuestions questions(ClusterQuestion question) {
		ReconcileProperties properties = new ReconcileProperties(true, Duration.ofMinutes(10), Duration.ofMinutes(1),
				Duration.ofSeconds(5), Duration.ofSeconds(30), 64, 128);
		ReconcileStore rows = ReconcileStore.on(database.dataSource());
		return new ClusterQuestions(List.of(question), this.jobs, this.store.signals(), properties,
				new Lead(rows.upgrades(), rows.units(), 1, false, new SimpleMeterRegistry()));
	}

	private interface Answer {

		Optional<String> to(Jobs.Claim claim);

	}

	private ClusterQuestion plan(Answer answer) {
		return new ClusterQuestion() {
			@Override
			public Jobs.Task task() {
				return Jobs.Task.PLAN;
			}

			@Override
			public Optional<String> answer(Jobs.Claim claim, Lanes lanes) {
				ClusterQuestionsIT.this.asked.incrementAndGet();
				return answer.to(claim);
			}
		};
	}

	private UUID ask() {
		return this.jobs.submit(this.caller, Jobs.Task.PLAN, "{\"scope\": {}}");
	}

	private Jobs.Job job(UUID id) {
		return this.jobs.find(this.caller, id).orElseThrow();
	}

	@Test
	void isAnsweredOnceInItsOwnersName() {
		UUID id = ask();
		ClusterQuestions questions = questions(plan((claim) -> {
			assertThat(claim.owner()).isEqualTo(this.caller);
			return Optional.of(claim.request());
		}));
		assertThat(questions.next()).isTrue();
		assertThat(questions.next()).isFalse();
		assertThat(job(id).state()).isEqualTo(Jobs.State.SUCCEEDED);
		assertThat(job(id).result()).contains("scope");
	}

	@Test
	void isNotTakenByWhoCannotAnswerIt() {
		UUID id = ask();
		assertThat(this.jobs.claim(Set.of(Jobs.Task.CHANGE_SET), Duration.ofSeconds(30))).isEmpty();
		assertThat(job(id).state()).isEqualTo(Jobs.State.PENDING);
		assertThat(questions(plan((claim) -> Optional.of("{}"))).next()).isTrue();
	}

	@Test
	void whatCannotBeDoneIsSaid() {
		UUID refused = ask();
		UUID broken = ask();
		ClusterQuestions questions = questions(plan((claim) -> {
			if (claim.id().equals(refused)) {
				throw new Refusal(409, "CHANGED", "it was changed");
			}
			throw new IllegalStateException("not for callers");
		}));
		assertThat(questions.next()).isTrue();
		assertThat(questions.next()).isTrue();
		assertThat(job(refused).state()).isEqualTo(Jobs.State.FAILED);
		assertThat(job(refused).result()).contains("409", "CHANGED", "it was changed");
		assertThat(job(broken).state()).isEqualTo(Jobs.State.FAILED);
		assertThat(job(broken).result()).contains("500", "INTERNAL").doesNotContain("not for callers");
	}

	@Test
	void theQuestionOfADeadProcessIsAnsweredByAnotherAndNotByTheDead() {
		UUID id = ask();
		Jobs.Claim dead = this.jobs.claim(PLANS, Duration.ZERO).orElseThrow();
		assertThat(questions(plan((claim) -> Optional.of("{\"by\": \"the living\"}"))).next()).isTrue();
		assertThat(this.jobs.succeed(dead, "{\"by\": \"the dead\"}")).isFalse();
		assertThat(job(id).result()).contains("the living");
	}

	@Test
	void aRunningReplicaAnswersWithoutBeingCalled() throws InterruptedException {
		ClusterQuestions questions = questions(plan((claim) -> Optional.of("{}")));
		questions.start();
		try {
			UUID id = ask();
			for (int tries = 0; tries < 600 && !job(id).state().isFinal(); tries++) {
				Thread.sleep(100);
			}
			assertThat(job(id).state()).isEqualTo(Jobs.State.SUCCEEDED);
			assertThat(this.asked).hasValue(1);
		}
		finally {
			questions.stop();
		}
	}

}
