package dev.meshwright.model;

import java.util.Optional;

import dev.meshwright.model.service.ServiceSpec.Exposure;
import dev.meshwright.model.service.ServiceSpec.Exposure.Tls;

/**
 * What a compilation asks a {@link Snapshot} for and what a write says it changed. Both
 * sides speak in keys, so a change finds the units that depend on it without anybody
 * looking at all of them.
 *
 * @param text {@code <index>=<value>}, stored as it is
 */
public record Key(String text) implements Comparable<Key> {

	private static final String CREDENTIAL = "credential=";

	/** One resource, found or not. */
	public static Key resource(ResourceId id) {
		return new Key("resource=" + id);
	}

	/** Services that expose this host at a gateway. */
	public static Key host(String host) {
		return new Key("host=" + host);
	}

	/**
	 * Services of a namespace that are exposed with the same certificate at the same
	 * gateway; empty for an exposure without one. Only their ids may be looked at: what
	 * else they say changes without a change of this key.
	 */
	public static Optional<Key> credential(String namespace, Exposure exposure) {
		return Optional.ofNullable(exposure.tls())
			.map(Tls::credentialName)
			.map((name) -> new Key(CREDENTIAL + namespace + "/" + exposure.gateway() + "/" + name));
	}

	/** Namespaces whose {@code hosts} contain exactly this entry. */
	public static Key namespaceHost(String host) {
		return new Key("namespace-host=" + host);
	}

	/**
	 * Policies of a kind that target a service; with an empty service the default of a
	 * namespace, with an empty namespace that of the platform. {@link PolicyTarget#key}
	 * says which are sound.
	 */
	public static Key target(Kind policy, String namespace, String service) {
		return new Key("target=" + policy + "/" + namespace + "/" + service);
	}

	/** Services that declare a dependency on this service. */
	public static Key dependencyOf(String namespace, String service) {
		return new Key("dependency-of=" + namespace + "/" + service);
	}

	/**
	 * Routing policies whose rules send or mirror requests to this service although
	 * another is their target.
	 */
	public static Key routesTo(String namespace, String service) {
		return new Key("routes-to=" + namespace + "/" + service);
	}

	/** Services of a namespace that run under this service account. */
	public static Key account(String namespace, String account) {
		return new Key("account=" + namespace + "/" + account);
	}

	/** Accounts under which a service's pods may still run, whatever is declared now. */
	public static Key accountsInUse(String namespace, String service) {
		return new Key("accounts-in-use=" + namespace + "/" + service);
	}

	/** Namespaces that name this cluster in their placement. */
	public static Key placedOn(String cluster) {
		return new Key("placed-on=" + cluster);
	}

	/** Every cluster; only a placement by an empty selector asks for it. */
	public static Key clusters() {
		return new Key("clusters=");
	}

	/** Clusters that carry this label. */
	public static Key clusterLabel(String label, String value) {
		return new Key("cluster-label=" + label + "=" + value);
	}

	/** What was found in a cluster: versions and API groups. */
	public static Key clusterFacts(String cluster) {
		return new Key("cluster-facts=" + cluster);
	}

	/** Whether its answer is used for who is in it, not for what they declare. */
	boolean tellsIdsOnly() {
		return this.text.startsWith(CREDENTIAL);
	}

	@Override
	public int compareTo(Key other) {
		return this.text.compareTo(other.text);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
