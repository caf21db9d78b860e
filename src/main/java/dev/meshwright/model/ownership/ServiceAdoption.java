package dev.meshwright.model.ownership;

import java.util.List;

import dev.meshwright.model.plan.FieldChange;
import dev.meshwright.model.plan.FieldOwner;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the way of a service in its clusters, and is or may be taken over.
 *
 * @param dryRun whether this only shows what may be taken over
 * @param clusters what was found on each cluster
 */
public record ServiceAdoption(boolean dryRun, List<OnCluster> clusters) {

	/**
	 * What was found on one cluster.
	 *
	 * @param name the cluster
	 * @param objects what stands in the way there; of an adoption, what is taken over
	 * @param message why nothing, or not everything, is known; absent when all is
	 */
	public record OnCluster(String name, List<Obstacle> objects, @Nullable String message) {
	}

	/**
	 * An object that is not ours, or a field of which another manager has.
	 *
	 * @param apiVersion its apiVersion
	 * @param kind its kind
	 * @param namespace its Kubernetes namespace
	 * @param name its name
	 * @param adoptable whether it can be taken over
	 * @param uid its uid, to be repeated; absent when it cannot be taken over
	 * @param fields the fields that other managers have and would lose, to be repeated
	 * @param managers who has them
	 * @param changes what taking it over would change; values that may be secret are
	 * masked
	 * @param message why it stands in the way or cannot be taken over, and what to do
	 */
	public record Obstacle(String apiVersion, String kind, String namespace, String name, boolean adoptable,
			@Nullable String uid, List<String> fields, List<FieldOwner> managers, List<FieldChange> changes,
			String message) {
	}

}
