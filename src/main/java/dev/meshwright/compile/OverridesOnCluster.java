package dev.meshwright.compile;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Resource;
import dev.meshwright.model.cluster.ClusterSpec.GatewayEntry;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.failover.Locality;
import dev.meshwright.model.namespace.NamespaceSpec.Injection;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.override.OverrideSpec.Change;
import dev.meshwright.model.override.OverrideSpec.Evacuate;
import dev.meshwright.model.override.OverrideSpec.Mode;
import org.jspecify.annotations.Nullable;

/**
 * What the overrides of a service come to on one cluster. Each cluster is pushed by
 * itself, so on each one it is decided where its own callers go.
 */
final class OverridesOnCluster {

	private final ServiceSubject subject;

	private final NamespaceModel namespace;

	private final FeatureCheck features;

	private final PlacementResolver placements;

	private final Findings findings;

	OverridesOnCluster(ServiceSubject subject, NamespaceModel namespace, FeatureCheck features,
			PlacementResolver placements, Findings findings) {
		this.subject = subject;
		this.namespace = namespace;
		this.features = features;
		this.placements = placements;
		this.findings = findings;
	}

	/** What holds here while the overrides are in force. */
	FailoverModel resolve(FailoverModel declared) {
		this.subject.overrides().forEach(this::rerouting);
		List<Resource<OverrideSpec>> evacuations = this.subject.overrides()
			.stream()
			.filter((override) -> isOfPlace(override.spec().change().evacuate()))
			.toList();
		boolean able = evacuations.stream().allMatch(this::isAble);
		if (evacuations.isEmpty() || !able || this.subject.namespace().isEmpty()) {
			return declared;
		}
		if (this.subject.spec().external() != null) {
			evacuations.stream()
				.filter((override) -> override.spec().target().service() != null)
				.forEach((override) -> evacuate(override).report(DiagnosticCode.EVACUATION_MATCHES_NOTHING,
						this.subject.ref() + " is external: it is on no cluster"));
			return declared;
		}
		return declared.with(locality(evacuations, declared));
	}

	private static boolean isOfPlace(@Nullable Evacuate evacuate) {
		return evacuate != null && (evacuate.cluster() != null || evacuate.region() != null);
	}

	private At evacuate(Resource<OverrideSpec> override) {
		return this.findings.spec(override.id()).at("change").at("evacuate");
	}

	private void rerouting(Resource<OverrideSpec> override) {
		Change change = override.spec().change();
		At at = this.findings.spec(override.id()).at("change");
		if (change.backup() != null) {
			demand(Feature.BACKUP, at.at("backup"));
		}
		else if (change.evacuate() != null && change.evacuate().version() != null) {
			demand(Feature.VERSION_EVACUATION, at.at("evacuate").at("version"));
			Optional<GatewayEntry> gateway = gateway();
			if (gateway.isPresent() && Rerouting.of(this.subject).strandsRequests()) {
				this.features.demandAt(gateway.get(), Feature.DIRECT_RESPONSE, at.at("evacuate").at("force"));
			}
		}
	}

	private void demand(Feature feature, At at) {
		this.features.demand(feature, at);
		needsWaypoint(at);
		gateway().ifPresent((gateway) -> this.features.demandAt(gateway, feature, at));
	}

	private Optional<GatewayEntry> gateway() {
		return Optional.ofNullable(this.subject.spec().exposure())
			.flatMap((exposure) -> this.namespace.cluster().gateway(exposure.gateway()));
	}

	private boolean needsWaypoint(At at) {
		boolean missing = this.namespace.injection() == Injection.AMBIENT && this.namespace.waypoint().isEmpty();
		if (missing) {
			at.report(DiagnosticCode.WAYPOINT_REQUIRED,
					"Namespace " + this.namespace.name() + " is ambient and names no waypoint");
		}
		return missing;
	}

	private boolean isAble(Resource<OverrideSpec> override) {
		this.features.demand(Feature.EVACUATION, evacuate(override));
		return this.features.offers(Feature.EVACUATION) && !needsWaypoint(evacuate(override));
	}

	private Optional<Locality> locality(List<Resource<OverrideSpec>> evacuations, FailoverModel declared) {
		Places places = Places.of(this.subject, this.namespace.cluster(), this.placements, evacuations);
		evacuations.stream()
			.filter((override) -> places.matching(Objects.requireNonNull(override.spec().change().evacuate()))
				.isEmpty())
			.forEach((override) -> evacuate(override).report(DiagnosticCode.EVACUATION_MATCHES_NOTHING,
					this.subject.ref() + " is not there, but on " + places.clusters()));
		if (places.evacuated().isEmpty()) {
			return declared.locality();
		}
		List<Resource<OverrideSpec>> effective = evacuations.stream()
			.filter((override) -> !places.matching(Objects.requireNonNull(override.spec().change().evacuate()))
				.isEmpty())
			.toList();
		boolean cut = modes(effective).anyMatch((mode) -> mode == Mode.CUT);
		if (places.staying().isEmpty()) {
			return nothingLeft(effective, cut, declared);
		}
		Optional<String> obstacle = places.obstacle();
		if (obstacle.isPresent()) {
			effective
				.forEach((override) -> evacuate(override).report(DiagnosticCode.EVACUATION_INDISTINCT, obstacle.get()));
			return declared.locality();
		}
		if (declared.locality().filter((it) -> it.chooses() || Boolean.FALSE.equals(it.enabled())).isPresent()) {
			effective.forEach((override) -> evacuate(override).report(DiagnosticCode.EVACUATION_REPLACES_LOCALITY,
					"the locality that "
							+ this.subject.failoverLayers().origin(FailoverPolicySpec::locality).orElseThrow().id()
							+ " declares does not hold meanwhile"));
		}
		return Optional.of(cut ? places.without() : drained(places, effective, declared));
	}

	private static Stream<Mode> modes(List<Resource<OverrideSpec>> evacuations) {
		return evacuations.stream()
			.map((override) -> Objects.requireNonNull(override.spec().change().evacuate()))
			.map((evacuate) -> Given.or(evacuate.mode(), Mode.DRAIN));
	}

	/** If all come last, none does; what is cut everywhere is nowhere. */
	private Optional<Locality> nothingLeft(List<Resource<OverrideSpec>> evacuations, boolean cut,
			FailoverModel declared) {
		boolean forced = evacuations.stream()
			.map((override) -> Objects.requireNonNull(override.spec().change().evacuate()))
			.anyMatch((evacuate) -> Boolean.TRUE.equals(evacuate.force()));
		if (!forced) {
			evacuations.forEach((override) -> evacuate(override).report(DiagnosticCode.EVACUATION_LEAVES_NOTHING,
					"nothing of " + this.subject.ref() + " is left elsewhere",
					"end another evacuation or place it elsewhere first, or say force: true"));
			return declared.locality();
		}
		return cut ? Optional.of(Places.nowhere()) : declared.locality();
	}

	private Locality drained(Places places, List<Resource<OverrideSpec>> evacuations, FailoverModel declared) {
		if (!FailoverLayerChecks.detects(declared.outlierDetection().orElse(null))) {
			evacuations.forEach((override) -> evacuate(override).report(DiagnosticCode.FAILOVER_WITHOUT_DETECTION,
					"no place comes last without outlierDetection; mode: cut needs none"));
		}
		if (places.localities().size() > 1) {
			evacuations.forEach((override) -> evacuate(override).report(DiagnosticCode.DRAIN_NOT_EXACT,
					"callers on cluster " + this.namespace.cluster().name() + " prefer " + places.preferred()
							+ ", and when that fails, all other places alike"));
		}
		return places.last();
	}

}
