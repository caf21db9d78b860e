package dev.meshwright.compile;

import java.util.List;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ServiceRef;
import dev.meshwright.model.service.ServiceSpec;

/**
 * Services that declare to call this one although its security refuses them. Said of
 * them, but looked for here, so that a change of policy needs no look at its callers'
 * other business.
 */
final class DependentChecks implements Check {

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		if (subject.spec().external() != null || subject.security().isEmpty()) {
			return;
		}
		Admission admission = Admission.of(subject);
		KnownCaller.dependents(subject.service(), subject.declarations())
			.forEach(
					(caller, known) -> admission.refusal(known)
						.ifPresent((reason) -> declared(caller, subject.ref(), findings).report(
								DiagnosticCode.DEPENDENCY_DENIED, subject.ref() + " refuses it: " + reason,
								subject.ref())));
	}

	private static At declared(Resource<ServiceSpec> caller, ServiceRef target, Findings findings) {
		List<String> dependencies = Given.list(caller.spec().dependencies());
		int index = 0;
		while (!ServiceRef.parse(dependencies.get(index), caller.id().namespace()).equals(target)) {
			index++;
		}
		return findings.spec(caller.id()).at("dependencies").at(index);
	}

}
