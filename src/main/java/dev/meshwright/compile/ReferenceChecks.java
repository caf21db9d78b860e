package dev.meshwright.compile;

import java.util.HashSet;
import java.util.Set;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Grant.Use;
import dev.meshwright.model.ServiceRef;

/**
 * The services that a service calls. One that is missing is only a warning: nothing is
 * rendered for it, and services that call each other may be declared one by one.
 */
final class ReferenceChecks implements Check {

	@Override
	public void check(ServiceSubject subject, Findings findings) {
		ServiceRef own = subject.ref();
		Set<ServiceRef> seen = new HashSet<>();
		findings.spec(subject.service().id()).each("dependencies", subject.spec().dependencies(), (text, at) -> {
			ServiceRef ref = ServiceRef.parse(text, own.namespace());
			if (!Declarations.isReference(ref)) {
				at.report(DiagnosticCode.INVALID_REFERENCE, "'" + text + "' names no service");
			}
			else if (!seen.add(ref)) {
				at.report(DiagnosticCode.DUPLICATE_NAME, ref + " is named twice");
			}
			else if (subject.declarations().usable(ref, own, Use.DEPENDENCY).isEmpty()) {
				at.report(DiagnosticCode.DEPENDENCY_NOT_FOUND, "Service " + ref + " is not declared"
						+ (ref.namespace().equals(own.namespace()) ? "" : ", or not granted as dependency"));
			}
		});
	}

}
