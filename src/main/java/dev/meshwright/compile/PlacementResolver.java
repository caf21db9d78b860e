package dev.meshwright.compile;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.model.Key;
import dev.meshwright.model.Resource;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.namespace.NamespaceSpec.Placement;
import org.jspecify.annotations.Nullable;

/** Decides on which of the declared clusters a namespace is. */
final class PlacementResolver {

	private final Declarations declarations;

	private final CompilerSettings settings;

	PlacementResolver(Declarations declarations, CompilerSettings settings) {
		this.declarations = declarations;
		this.settings = settings;
	}

	SortedSet<String> clusters(NamespaceSpec namespace) {
		Placement placement = namespace.placement();
		if (placement == null) {
			return declared(this.settings.defaultPlacement());
		}
		SortedSet<String> clusters = declared(Given.list(placement.clusters()));
		if (placement.clusterSelector() != null) {
			clusters.addAll(selected(placement.clusterSelector()));
		}
		return clusters;
	}

	private SortedSet<String> declared(Collection<String> names) {
		SortedSet<String> clusters = new TreeSet<>();
		for (String name : names) {
			this.declarations.cluster(name).ifPresent((cluster) -> clusters.add(name));
		}
		return clusters;
	}

	/**
	 * Asks for one label only: a change of any label of a cluster changes the keys of all
	 * its labels.
	 */
	private List<String> selected(Map<String, String> selector) {
		Map.@Nullable Entry<String, String> first = new TreeMap<>(selector).firstEntry();
		Key key = (first != null) ? Key.clusterLabel(first.getKey(), first.getValue()) : Key.clusters();
		return this.declarations.snapshot()
			.index(key, ClusterSpec.class)
			.stream()
			.filter((cluster) -> carries(cluster, selector))
			.map((cluster) -> cluster.id().name())
			.toList();
	}

	private static boolean carries(Resource<ClusterSpec> cluster, Map<String, String> selector) {
		return cluster.metadata().labels().entrySet().containsAll(selector.entrySet());
	}

}
