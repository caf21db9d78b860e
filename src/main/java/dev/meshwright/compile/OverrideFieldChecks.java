package dev.meshwright.compile;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Resource;
import dev.meshwright.model.override.OverrideSpec;
import dev.meshwright.model.override.OverrideSpec.Evacuate;
import dev.meshwright.model.override.OverrideSpec.Mode;

/** The fields of an override, each by itself. */
final class OverrideFieldChecks {

	private OverrideFieldChecks() {
	}

	static void check(Resource<OverrideSpec> override, Declarations declarations, Findings findings) {
		ResourceId id = override.id();
		OverrideSpec spec = override.spec();
		At at = findings.spec(id);
		Names.object(id.name(), findings.name(id));
		if (spec.reason().isBlank()) {
			at.at("reason")
				.report(DiagnosticCode.REQUIRED_FIELD, "the reason is empty",
						"the reason, so that others know whether it may end");
		}
		At change = at.at("change");
		Values.exactlyOne(change, "evacuate and backup", spec.change().evacuate(), spec.change().backup());
		change.given("evacuate", spec.change().evacuate(), (evacuate, place) -> {
			evacuate(evacuate, declarations, place);
			if (spec.expiresAt() == null) {
				at.at("expiresAt")
					.report(DiagnosticCode.REQUIRED_FIELD, "an evacuation that does not end by itself is forgotten",
							"the time at which it ends; a later one can be written before");
			}
		});
		boolean ofService = spec.change().backup() != null
				|| (spec.change().evacuate() != null && spec.change().evacuate().version() != null);
		if (ofService && spec.target().service() == null) {
			at.at("target")
				.at("service")
				.report(DiagnosticCode.REQUIRED_FIELD, "the change is one of a single service", "its service");
		}
	}

	private static void evacuate(Evacuate evacuate, Declarations declarations, At at) {
		Values.exactlyOne(at, "cluster, region and version", evacuate.cluster(), evacuate.region(), evacuate.version());
		at.given("cluster", evacuate.cluster(), (cluster, place) -> {
			if (declarations.cluster(cluster).isEmpty()) {
				place.report(DiagnosticCode.CLUSTER_NOT_FOUND, "Cluster " + cluster + " is not registered", "");
			}
		});
		at.given("region", evacuate.region(), LocalityChecks::region);
		if (evacuate.version() != null && evacuate.mode() == Mode.DRAIN) {
			at.at("mode")
				.report(DiagnosticCode.DRAIN_NOT_POSSIBLE, "no version comes last: requests go by weights only");
		}
	}

}
