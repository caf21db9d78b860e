package dev.meshwright.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.failover.BackupState;
import dev.meshwright.model.failover.FailoverPolicySpec;
import org.jspecify.annotations.Nullable;

/** How far services with a backup are, one row each. */
public interface BackupStates {

	/**
	 * Services with a backup at which it is time to look. Nobody else gets them before
	 * the interval is over. Rows come and go with the policies.
	 * @param most the most of them
	 * @param interval how long until the next look
	 */
	List<Due> claim(int most, Duration interval);

	/**
	 * Keeps what came of a look.
	 * @return false when somebody else has looked since; then nothing is kept
	 */
	boolean keep(Due due, BackupState state, BackupState.Seen seen, String message);

	/** What is known, by service; of one without a backup, or a new one, nothing. */
	Map<ServiceRef, Known> of(Collection<ServiceRef> services);

	/**
	 * A service at which to look.
	 *
	 * @param policy its failover policy, which names the backup
	 * @param state how far it is
	 * @param fence counts the looks
	 * @param now the time of the database when it was claimed
	 */
	record Due(Resource<FailoverPolicySpec> policy, BackupState state, long fence, Instant now) {
	}

	/**
	 * What is known of a service.
	 *
	 * @param state how far it is
	 * @param seen what the last look found
	 * @param message what else there is to say, such as which cluster did not answer
	 * @param lookedAt when that was, or null for never
	 */
	record Known(BackupState state, BackupState.Seen seen, String message, @Nullable Instant lookedAt) {
	}

}
