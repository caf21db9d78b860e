package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;

/**
 * What the compilation of a unit asks for whatever it finds. Said beforehand, all of it
 * is looked up at once, and not key by key. What is missing here is looked up when it is
 * asked for; what nobody asks for costs an empty look into an index.
 */
public final class ForeseenReads {

	/** So many units are looked up together. */
	private static final int AT_ONCE = 100;

	private static final List<Kind> LAYERED = Arrays.stream(Kind.values())
		.filter((kind) -> kind.scope() == Kind.Scope.LAYERED)
		.toList();

	private final Set<ResourceId> ids = new HashSet<>();

	private final Set<Key> keys = new HashSet<>();

	private ForeseenReads() {
	}

	/** Announces to a snapshot that these units and placements will be compiled on it. */
	public static void announce(Collection<UnitId> units, Snapshot snapshot) {
		announce(Set.of(), units, snapshot);
	}

	/** The same, with further resources that will be asked for. */
	static void announce(Collection<ResourceId> resources, Collection<UnitId> units, Snapshot snapshot) {
		List<UnitId> all = new ArrayList<>(units);
		for (int first = 0; first == 0 || first < all.size(); first += AT_ONCE) {
			ForeseenReads reads = new ForeseenReads();
			all.subList(first, Math.min(first + AT_ONCE, all.size())).forEach(reads::add);
			if (first == 0) {
				reads.ids.addAll(resources);
			}
			snapshot.expect(reads.ids, reads.keys);
		}
	}

	private void add(UnitId unit) {
		this.ids.add(ResourceId.namespace(unit.namespace()));
		this.keys.add(PolicyTarget.namespace(unit.namespace()).key(Kind.OVERRIDE));
		if (!unit.isPlacement()) {
			this.ids.add(ResourceId.cluster(unit.cluster()));
		}
		if (unit.isNamespace()) {
			LAYERED.forEach((kind) -> this.keys.add(PolicyTarget.namespace(unit.namespace()).key(kind)));
		}
		else {
			add(new ServiceRef(unit.namespace(), unit.service()), unit.isPlacement());
		}
	}

	private void add(ServiceRef service, boolean isPlacement) {
		this.ids.add(service.id());
		PolicyTarget target = PolicyTarget.service(service);
		this.keys.add(target.key(Kind.ROUTING_POLICY));
		this.keys.add(target.key(Kind.OVERRIDE));
		PolicyTarget.above(service).forEach((level) -> LAYERED.forEach((kind) -> this.keys.add(level.key(kind))));
		this.keys.add(Key.account(service.namespace(), service.name()));
		if (!isPlacement) {
			this.keys.add(Key.dependencyOf(service.namespace(), service.name()));
			this.keys.add(Key.routesTo(service.namespace(), service.name()));
		}
	}

}
