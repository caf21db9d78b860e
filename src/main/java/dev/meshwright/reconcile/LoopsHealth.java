package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Part of liveness: whether whatever runs by itself still goes round, watches and
 * controllers included. What ended although nobody stopped it, or stands still in one
 * round, is put right by a restart and by nothing else. That a cluster or the database
 * does not answer ends no loop.
 */
@Component("reconcile")
class LoopsHealth implements HealthIndicator {

	private static final Logger logger = LoggerFactory.getLogger(LoopsHealth.class);

	/** Every call in a round has a timeout far below. */
	private static final Duration MOST = Duration.ofMinutes(10);

	private final List<RestartableLoops<?>> loops;

	private final ClusterQuestions questions;

	private final Duration most;

	private final AtomicReference<List<String>> said = new AtomicReference<>(List.of());

	@Autowired
	LoopsHealth(List<RestartableLoops<?>> loops, ClusterQuestions questions, MeterRegistry meters) {
		this(loops, questions, meters, MOST);
	}

	/**
	 * The same with another patience.
	 * @param most how long a round may last without a sign of life
	 */
	LoopsHealth(List<RestartableLoops<?>> loops, ClusterQuestions questions, MeterRegistry meters, Duration most) {
		this.loops = loops;
		this.questions = questions;
		this.most = most;
		Gauge.builder("meshwright.loops.dead", () -> dead().size())
			.tag("part", "reconcile")
			.description("Loops of this process that have ended or stand still, so that it has to be restarted")
			.register(meters);
	}

	@Override
	public Health health() {
		List<String> dead = dead();
		return dead.isEmpty() ? Health.up().build() : Health.down().withDetail("dead", dead).build();
	}

	private List<String> dead() {
		List<String> dead = Stream
			.concat(this.loops.stream().flatMap((each) -> each.dead(this.most).stream()),
					this.questions.isDead() ? Stream.of("questions") : Stream.empty())
			.sorted()
			.toList();
		if (!this.said.getAndSet(dead).equals(dead) && !dead.isEmpty()) {
			logger.error("Ended or standing still, and mended by a restart of this process only: {}", dead);
		}
		return dead;
	}

}
