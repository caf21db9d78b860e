package dev.meshwright.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;

/** What is known of the units that a resource takes part in. */
public interface Statuses {

	/** As {@link #of(Collection)}, of one resource. */
	default List<UnitStatus> of(ResourceId id) {
		return of(List.of(id)).getOrDefault(id, List.of());
	}

	/**
	 * By resource, one entry for each cluster on which units saw this resource, and those
	 * of a deleted one that are not finished. A Service and the policies that target it
	 * share the service's units; a Namespace has its own. As many queries for a thousand
	 * as for one. The default policy of a namespace or of the platform shows the worst
	 * that its readers report, with queries of its own.
	 */
	Map<ResourceId, List<UnitStatus>> of(Collection<ResourceId> ids);

	/**
	 * The same of resources that were just read or written, and are not read again: it is
	 * said of what they declared then.
	 */
	Map<ResourceId, List<UnitStatus>> read(Collection<? extends Resource<?>> resources);

	/**
	 * Those among them that are for every service of a namespace or of the platform,
	 * where no Service is declared that they could be for.
	 */
	Set<ResourceId> unused(Collection<? extends Resource<?>> resources);

	/**
	 * Whether one of these was deleted and is not wholly gone yet; not when it is
	 * declared again.
	 */
	boolean terminating(Collection<ResourceId> ids);

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
