package dev.meshwright.model.plan;

import java.util.List;

/**
 * What a newer version would push for declarations that did not change.
 *
 * @param revision the revision at which it was found
 * @param units how many services and namespaces on clusters were compiled and compared
 * with what was pushed for them
 * @param pending how many were left out because something else is still to be pushed for
 * them
 * @param changed how many the newer version would change
 * @param failing how many it would refuse to compile; what was pushed for them would stay
 * @param differences the first of those that it would change or refuse, with their
 * objects
 */
public record UpgradePreview(long revision, int units, int pending, int changed, int failing,
		List<PlannedUnit> differences) {
}
