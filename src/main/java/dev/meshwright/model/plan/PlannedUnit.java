package dev.meshwright.model.plan;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a push would do for one service or namespace on one cluster.
 *
 * @param cluster the cluster
 * @param namespace the namespace
 * @param service the service; empty for the namespace itself
 * @param reason why nothing is known, one word as in the condition Programmed; absent
 * when the cluster answered
 * @param message the same in words, with what to do; absent when the cluster answered
 * @param waits what would be waited for, in the order of the phases
 * @param objects every object that is or would be the unit's
 */
public record PlannedUnit(String cluster, String namespace, String service, @Nullable String reason,
		@Nullable String message, List<PlannedWait> waits, List<PlannedObject> objects) {

	/** Whether the cluster said of every object what would become of it. */
	public boolean isKnown() {
		return this.reason == null
				&& this.objects.stream().noneMatch((object) -> object.action() == PlannedAction.UNKNOWN);
	}

}
