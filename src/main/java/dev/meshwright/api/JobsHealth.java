package dev.meshwright.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Part of liveness: whether jobs are still looked for. That the database does not answer
 * does not end that.
 */
@Component("jobs")
class JobsHealth implements HealthIndicator {

	private final JobRunner runner;

	JobsHealth(JobRunner runner, MeterRegistry meters) {
		this.runner = runner;
		Gauge.builder("meshwright.loops.dead", () -> runner.isDead() ? 1 : 0).tag("part", "jobs").register(meters);
	}

	@Override
	public Health health() {
		return (this.runner.isDead() ? Health.down() : Health.up()).build();
	}

}
