package dev.meshwright.provider.kubernetes;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.compile.Objection;
import dev.meshwright.compile.ServiceModel;
import dev.meshwright.compile.ServiceModel.Exposure;

/** What stands against exposing a service. */
final class ServiceChecks {

	private final ServiceModel service;

	ServiceChecks(ServiceModel service) {
		this.service = service;
	}

	List<Objection> objections() {
		List<Objection> objections = new ArrayList<>();
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
