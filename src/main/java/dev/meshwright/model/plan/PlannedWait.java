package dev.meshwright.model.plan;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Something that a push would wait for.
 *
 * @param before the phase that it holds up: make, switch or break
 * @param reason {@code SettleTime}, {@code AvailableReplica}, {@code Namespace},
 * {@code SyncWindowClosed} or {@code Paused}
 * @param seconds how many seconds, of a settle time, or until a sync window opens; absent
 * otherwise
 * @param objects the objects waited for, such as {@code Deployment.apps shop/webapp-v2};
 * empty for a time
 */
public record PlannedWait(String before, String reason, @Nullable Double seconds, List<String> objects) {
}
