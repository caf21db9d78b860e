package dev.meshwright.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import dev.meshwright.model.Resource;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.store.Change;
import dev.meshwright.store.Change.Precondition;
import dev.meshwright.store.Overrides;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Ends overrides whose time is over, by the database's clock: each is deleted, as a
 * revision, by whichever replica is first. What ended while no process ran is found at
 * the next start.
 */
@Component
class OverrideExpiry {

	static final String AUTHOR = "override-expiry";

	private static final Logger logger = LoggerFactory.getLogger(OverrideExpiry.class);

	private final Overrides overrides;

	private final ControllerWrites writes;

	OverrideExpiry(Overrides overrides, ControllerWrites writes) {
		this.overrides = overrides;
		this.writes = writes;
	}

	/**
	 * Ends what is due.
	 * @param atMost the longest time to return
	 * @return how long until the next one is due
	 */
	Duration round(Duration atMost) {
		Overrides.Timed timed = this.overrides.timed();
		Duration next = atMost;
		for (Resource<OverrideSpec> override : timed.overrides()) {
			Duration left = Duration.between(timed.now(), end(override));
			if (!left.isPositive()) {
				end(override, end(override));
			}
			else if (left.compareTo(next) < 0) {
				next = left;
			}
		}
		return next;
	}

	private static Instant end(Resource<OverrideSpec> override) {
		return Objects.requireNonNull(override.spec().expiresAt());
	}

	private void end(Resource<OverrideSpec> override, Instant expired) {
		Change.Delete delete = new Change.Delete(override.id(),
				new Precondition(override.metadata().resourceVersion(), override.metadata().uid().toString(), false));
		ControllerWrites.Written written = this.writes.end(AUTHOR, delete,
				override.id() + " expired at " + expired + " (" + override.spec().reason() + ")");
		if (written instanceof ControllerWrites.Written.Done done) {
			logger.info("{} expired at {}; revision {} takes it back", override.id(), expired, done.revision());
		}
	}

}
