package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.meshwright.model.Resource;
import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.failover.Locality;
import dev.meshwright.model.failover.Locality.Distribute;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.override.OverrideSpec.Evacuate;
import org.jspecify.annotations.Nullable;

/**
 * Where a service runs in one mesh, and which of these places are evacuated. A mesh knows
 * endpoints by the locality of their nodes, so a place is its cluster's region, with the
 * zone where the region alone would take too much.
 */
final class Places {

	private static final String REGION = "topology.kubernetes.io/region=";

	private static final String ZONE = "topology.kubernetes.io/zone=";

	private static final int ALL = 100;

	private final String here;

	private final SortedMap<String, ClusterSpec> clusters;

	private final Set<String> evacuated;

	private Places(String here, SortedMap<String, ClusterSpec> clusters, Set<String> evacuated) {
		this.here = here;
		this.clusters = clusters;
		this.evacuated = evacuated;
	}

	/** Those of a service whose namespace is declared, seen from a cluster. */
	static Places of(ServiceSubject subject, ClusterModel here, PlacementResolver placements,
			List<Resource<OverrideSpec>> evacuations) {
		SortedMap<String, ClusterSpec> clusters = new TreeMap<>();
		placements.clusters(subject.namespace().orElseThrow().spec())
			.forEach((name) -> subject.declarations()
				.cluster(name)
				.filter((cluster) -> cluster.spec().mesh() == here.mesh())
				.ifPresent((cluster) -> clusters.put(name, cluster.spec())));
		Set<String> evacuated = new TreeSet<>();
		evacuations.forEach((override) -> evacuated
			.addAll(matching(Objects.requireNonNull(override.spec().change().evacuate()), clusters)));
		return new Places(here.name(), clusters, evacuated);
	}

	private static Set<String> matching(Evacuate evacuate, Map<String, ClusterSpec> clusters) {
		return clusters.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().equals(evacuate.cluster())
					|| (evacuate.region() != null && evacuate.region().equals(entry.getValue().region())))
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	/** The clusters that an evacuation means. */
	Set<String> matching(Evacuate evacuate) {
		return matching(evacuate, this.clusters);
	}

	Set<String> clusters() {
		return this.clusters.keySet();
	}

	Set<String> evacuated() {
		return this.evacuated;
	}

	Set<String> staying() {
		return this.clusters.keySet()
			.stream()
			.filter((name) -> !this.evacuated.contains(name))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/** Why a mesh could not tell what stays from what does not, if so. */
	Optional<String> obstacle() {
		for (String staying : staying()) {
			if (this.clusters.get(staying).region() == null) {
				return Optional.of("Cluster " + staying + " stays and names no region");
			}
			if (isSplit(staying) && this.clusters.get(staying).zone() == null) {
				return Optional
					.of("Cluster " + staying + " stays, shares its region with an evacuated one and names no zone");
			}
			for (String gone : this.evacuated) {
				ClusterSpec one = this.clusters.get(staying);
				ClusterSpec other = this.clusters.get(gone);
				boolean same = Objects.equals(one.region(), other.region())
						&& (other.zone() == null || other.zone().equals(one.zone()));
				if (other.region() == null || same) {
					return Optional.of("Cluster " + gone + " is evacuated and cannot be told from " + staying
							+ " by region and zone");
				}
			}
		}
		return Optional.empty();
	}

	/** Whether some of a cluster's region stays and some does not. */
	private boolean isSplit(String staying) {
		@Nullable String region = this.clusters.get(staying).region();
		return this.evacuated.stream().anyMatch((gone) -> Objects.equals(this.clusters.get(gone).region(), region));
	}

	private String locality(String staying) {
		ClusterSpec cluster = this.clusters.get(staying);
		return isSplit(staying) ? cluster.region() + "/" + cluster.zone() : String.valueOf(cluster.region());
	}

	/** The localities that stay, each with how many clusters it has. */
	SortedMap<String, Integer> localities() {
		SortedMap<String, Integer> localities = new TreeMap<>();
		staying().forEach((name) -> localities.merge(locality(name), 1, Integer::sum));
		return localities;
	}

	/** Where callers here go first. */
	String preferred() {
		return locality(preferredCluster());
	}

	/** The own cluster, else one in the same region, else the first by name. */
	private String preferredCluster() {
		Collection<String> staying = staying();
		if (staying.contains(this.here)) {
			return this.here;
		}
		@Nullable String region = this.clusters.containsKey(this.here) ? this.clusters.get(this.here).region() : null;
		return staying.stream()
			.filter((name) -> Objects.equals(this.clusters.get(name).region(), region))
			.findFirst()
			.orElseGet(() -> staying.iterator().next());
	}

	/**
	 * Everything to what stays and nothing to the rest. Callers at a place that stays
	 * keep to it; the others have a share of one percent each, because a locality without
	 * any would not take over when that one fails. Callers at a place that is evacuated
	 * are spread by the number of clusters.
	 */
	Locality without() {
		SortedMap<String, Integer> localities = localities();
		Map<String, Integer> shares = new TreeMap<>();
		if (staying().contains(this.here)) {
			String own = locality(this.here);
			localities.keySet()
				.stream()
				.filter((locality) -> !locality.equals(own))
				.limit(ALL - 1)
				.forEach((locality) -> shares.put(locality, 1));
			shares.put(own, ALL - shares.size());
		}
		else {
			spread(localities, shares);
		}
		return distribute(shares);
	}

	/**
	 * Whole percentages that come to 100; what rounding leaves goes to the first ones.
	 */
	private static void spread(SortedMap<String, Integer> localities, Map<String, Integer> shares) {
		int clusters = localities.values().stream().mapToInt(Integer::intValue).sum();
		localities.forEach((locality, count) -> shares.put(locality, ALL * count / clusters));
		List<String> order = new ArrayList<>(localities.keySet());
		int rest = ALL - shares.values().stream().mapToInt(Integer::intValue).sum();
		for (int index = 0; index < rest; index++) {
			shares.merge(order.get(index % order.size()), 1, Integer::sum);
		}
		shares.values().removeIf((share) -> share == 0);
	}

	private static Locality distribute(Map<String, Integer> shares) {
		return new Locality(true, null, List.of(new Distribute("*", shares)), null);
	}

	/** No endpoint is in a locality that no node has. */
	static Locality nowhere() {
		return distribute(Map.of("nowhere", ALL));
	}

	/** The preferred place first; what is evacuated comes after it. */
	Locality last() {
		String preferred = preferredCluster();
		ClusterSpec cluster = this.clusters.get(preferred);
		boolean zoneTells = this.evacuated.stream()
			.noneMatch((gone) -> Objects.equals(this.clusters.get(gone).zone(), cluster.zone()));
		List<String> labels = !isSplit(preferred) ? List.of(REGION + cluster.region()) : zoneTells
				? List.of(ZONE + cluster.zone()) : List.of(REGION + cluster.region(), ZONE + cluster.zone());
		return new Locality(true, null, null, labels);
	}

}
