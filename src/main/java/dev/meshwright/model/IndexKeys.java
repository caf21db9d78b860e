package dev.meshwright.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.meshwright.model.cluster.ClusterSpec;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.routing.HttpRule;
import dev.meshwright.model.routing.RoutingPolicySpec;
import dev.meshwright.model.service.ServiceSpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a resource carries. What is stored, what a write says it changed and what
 * an overlay answers all follow from here, so they cannot disagree.
 */
public final class IndexKeys {

	private IndexKeys() {
	}

	/**
	 * The index keys under which a resource is found. Its own {@link Key#resource} is not
	 * among them.
	 */
	public static SortedSet<Key> of(Resource<?> resource) {
		SortedSet<Key> keys = new TreeSet<>();
		ResourceId id = resource.id();
		switch (resource.spec()) {
			case ServiceSpec service -> service(id, service, keys);
			case RoutingPolicySpec policy -> {
				target(resource, keys);
				routing(id, policy, keys);
			}
			case FailoverPolicySpec policy -> {
				target(resource, keys);
				if (policy.backup() != null) {
					backup(id, policy.backup().service(), keys);
				}
			}
			case LayeredPolicy _ -> target(resource, keys);
			case OverrideSpec override -> override(id, override, keys);
			case NamespaceSpec namespace -> namespace(namespace, keys);
			case ClusterSpec _ -> cluster(resource.metadata(), keys);
			default -> throw new IllegalArgumentException(id + " is of a kind without index keys");
		}
		return Collections.unmodifiableSortedSet(keys);
	}

	/**
	 * Every key whose answer may differ when a resource becomes another: its own and the
	 * index keys of both images. A key that only says who carries it differs no more when
	 * both do.
	 * @param before the resource as it was, or null when it is created
	 * @param after the resource as it will be, or null when it is deleted
	 */
	public static SortedSet<Key> changed(@Nullable Resource<?> before, @Nullable Resource<?> after) {
		SortedSet<Key> keys = new TreeSet<>();
		Stream.of(Optional.<Resource<?>>ofNullable(before), Optional.<Resource<?>>ofNullable(after))
			.flatMap(Optional::stream)
			.forEach((image) -> {
				keys.add(Key.resource(image.id()));
				keys.addAll(of(image));
			});
		if (before != null && after != null) {
			SortedSet<Key> kept = new TreeSet<>(of(before));
			kept.retainAll(of(after));
			keys.removeIf((key) -> key.tellsIdsOnly() && kept.contains(key));
		}
		return Collections.unmodifiableSortedSet(keys);
	}

	/**
	 * The keys that only one resource may hold: the target of a policy, an exposed host,
	 * a namespace's host entry, and an external host within its namespace.
	 */
	public static SortedSet<Key> claims(Resource<?> resource) {
		SortedSet<Key> keys = new TreeSet<>();
		ResourceId id = resource.id();
		switch (resource.spec()) {
			case ServiceSpec service -> hosts(id, service, keys);
			case RoutingPolicySpec _, LayeredPolicy _ -> target(resource, keys);
			case NamespaceSpec namespace ->
				orEmpty(namespace.hosts()).forEach((host) -> keys.add(Key.namespaceHost(host)));
			default -> {
			}
		}
		return Collections.unmodifiableSortedSet(keys);
	}

	/** Services of a namespace that stand for this host outside the mesh. */
	public static Key externalHost(String namespace, String host) {
		return new Key("external-host=" + namespace + "/" + host);
	}

	private static void service(ResourceId id, ServiceSpec service, SortedSet<Key> keys) {
		hosts(id, service, keys);
		for (String dependency : orEmpty(service.dependencies())) {
			ServiceRef target = ServiceRef.parse(dependency, id.namespace());
			keys.add(Key.dependencyOf(target.namespace(), target.name()));
		}
		String account = service.serviceAccount();
		if (service.exposure() != null) {
			Key.credential(id.namespace(), service.exposure()).ifPresent(keys::add);
		}
		keys.add(Key.account(id.namespace(), (account != null) ? account : id.name()));
	}

	private static void hosts(ResourceId id, ServiceSpec service, SortedSet<Key> keys) {
		if (service.exposure() != null) {
			orEmpty(service.exposure().hosts()).forEach((host) -> keys.add(Key.host(host)));
		}
		if (service.external() != null) {
			orEmpty(service.external().hosts()).forEach((host) -> keys.add(externalHost(id.namespace(), host)));
		}
	}

	private static void target(Resource<?> policy, SortedSet<Key> keys) {
		PolicyTarget.of(policy).ifPresent((target) -> keys.add(target.key(policy.id().kind())));
	}

	private static void routing(ResourceId id, RoutingPolicySpec policy, SortedSet<Key> keys) {
		ServiceRef own = new ServiceRef(id.namespace(), policy.service());
		for (String service : destinations(policy)) {
			ServiceRef target = (service != null) ? ServiceRef.parse(service, id.namespace()) : own;
			if (!target.equals(own)) {
				keys.add(Key.routesTo(target.namespace(), target.name()));
			}
		}
	}

	private static List<@Nullable String> destinations(RoutingPolicySpec policy) {
		List<@Nullable String> services = new ArrayList<>();
		for (HttpRule rule : orEmpty(policy.rules())) {
			orEmpty(rule.split()).forEach((split) -> services.add(split.service()));
			orEmpty(rule.mirror()).forEach((mirror) -> services.add(mirror.service()));
		}
		orEmpty(policy.tls())
			.forEach((rule) -> orEmpty(rule.split()).forEach((split) -> services.add(split.service())));
		orEmpty(policy.tcp())
			.forEach((rule) -> orEmpty(rule.split()).forEach((split) -> services.add(split.service())));
		return services;
	}

	/** Several may be for the same target, so it is no claim. */
	private static void override(ResourceId id, OverrideSpec override, SortedSet<Key> keys) {
		keys.add(PolicyTarget.of(id, override).key(id.kind()));
		if (override.change().backup() != null) {
			backup(id, override.change().backup().service(), keys);
		}
	}

	private static void backup(ResourceId id, String service, SortedSet<Key> keys) {
		ServiceRef backup = ServiceRef.parse(service, id.namespace());
		keys.add(Key.routesTo(backup.namespace(), backup.name()));
	}

	private static void namespace(NamespaceSpec namespace, SortedSet<Key> keys) {
		orEmpty(namespace.hosts()).forEach((host) -> keys.add(Key.namespaceHost(host)));
		if (namespace.placement() != null) {
			orEmpty(namespace.placement().clusters()).forEach((cluster) -> keys.add(Key.placedOn(cluster)));
		}
	}

	private static void cluster(Metadata metadata, SortedSet<Key> keys) {
		keys.add(Key.clusters());
		metadata.labels().forEach((label, value) -> keys.add(Key.clusterLabel(label, value)));
	}

	private static <T> Collection<T> orEmpty(@Nullable Collection<T> values) {
		return (values != null) ? values : List.of();
	}

}
