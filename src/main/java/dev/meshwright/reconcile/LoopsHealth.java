package dev.meshwright.reconcile;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Part of liveness: whether the loops of reconcile still go round. One that ended
 * although nobody stopped it, or that stands still in one round, is put right by a
 * restart and by nothing else. That a cluster or the database does not answer ends no
 * loop.
 */
@Component("reconcile")
class LoopsHealth implements HealthIndicator {

	/** Every call in a round has a timeout far below. */
	static final Duration MOST = Duration.ofMinutes(10);

	private final ReconcileLoop loop;

	LoopsHealth(ReconcileLoop loop) {
		this.loop = loop;
	}

	@Override
	public Health health() {
		List<String> dead = this.loop.dead(MOST);
		return dead.isEmpty() ? Health.up().build() : Health.down().withDetail("dead", dead).build();
	}

}
