package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.compile.Objection;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;
import dev.meshwright.model.DiagnosticCode;

/** What stands against rendering a service. */
final class ServiceChecks {

	private final ServiceModel service;

	ServiceChecks(ServiceModel service) {
		this.service = service;
	}

	List<Objection> objections() {
		List<Objection> objections = new ArrayList<>();
		if (this.service.external().isEmpty() && ServiceObjects.wholeSelector(this.service).isEmpty()) {
			objections.add(Objection.toService(DiagnosticCode.VERSIONS_SHARE_NO_LABEL, "/spec/versions",
					"the pods of the versions have no label in common, so no Service can select all of them",
					"give the pods of every version a label with the same value, such as app: "
							+ this.service.ref().name() + ", and name it in each selector"));
		}
		this.service.exposure().ifPresent((exposure) -> objections.addAll(exposed(exposure)));
		return objections;
	}

	private List<Objection> exposed(Exposure exposure) {
		List<Objection> objections = new ArrayList<>();
		switch (exposure.gateway().api()) {
			case ISTIO -> {
				return objections;
			}
			case INGRESS -> objections.addAll(new IngressChecks(this.service, exposure).objections());
			case GATEWAY_API -> objections.addAll(new HttpRouteChecks(this.service, exposure).objections());
		}
		objections.addAll(new ExposureChecks(this.service, exposure).objections());
		return objections;
	}

}
