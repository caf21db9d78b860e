package dev.meshwright.store;

import java.util.List;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.ResourceId;

/** What is known of the units that a resource takes part in. */
public interface Statuses {

	/**
	 * One entry for each cluster on which units saw this resource, and those of a deleted
	 * one that are not finished. A Service and the policies that target it share the
	 * service's units; a Namespace has its own. What holds for a namespace or for the
	 * platform shows the worst that its readers report, for each cluster.
	 */
	List<UnitStatus> of(ResourceId id);

	/**
	 * The state of one unit as a resource sees it.
	 *
	 * @param cluster the cluster; empty for the placement
	 * @param observedGeneration the generation of the asked resource that the unit last
	 * compiled, 0 when it has not yet
	 * @param pending whether a change of the resource is not yet worked off
	 * @param conditions what the unit reports, its observedGeneration being that of the
	 * asked resource
	 * @param diagnostics what the last compilation said about the asked resource
	 */
	record UnitStatus(String cluster, long observedGeneration, boolean pending, List<Condition> conditions,
			List<Diagnostic> diagnostics) {
	}

}
