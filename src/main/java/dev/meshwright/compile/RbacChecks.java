package dev.meshwright.compile;

import java.util.List;
import java.util.Set;

import dev.meshwright.compile.WorkloadRights.Right;
import dev.meshwright.model.Diagnostic.Severity;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.security.PolicyRule;
import org.jspecify.annotations.Nullable;

/**
 * What a security policy lets the service's own pods do at the cluster's API: nothing but
 * what the operator's list has, and only under an account that is theirs alone.
 */
final class RbacChecks {

	/** To make a new object is not to do something to one that has a name. */
	private static final Set<String> WITHOUT_NAME = Set.of("create", "deletecollection");

	private final WorkloadRights allowed;

	RbacChecks(WorkloadRights allowed) {
		this.allowed = allowed;
	}

	void check(@Nullable List<PolicyRule> rules, At at) {
		at.each("rbac", rules, (rule, place) -> {
			Right.in(rule).filter((right) -> !this.allowed.allow(right)).forEach((right) -> refuse(right, place));
			place.each("resourceNames", rule.resourceNames(), Names::object);
			if (rule.resourceNames() != null) {
				place.each("verbs", rule.verbs(), (verb, field) -> {
					if (WITHOUT_NAME.contains(verb)) {
						field.report(DiagnosticCode.EXCLUSIVE_FIELDS,
								"'" + verb + "' is never asked for an object by its name",
								"resourceNames and " + verb + " in different rules");
					}
				});
			}
		});
	}

	private void refuse(Right right, At at) {
		at.report(DiagnosticCode.RIGHT_NOT_ALLOWED, right.isNeverGranted() ? "no workload is ever granted to " + right
				: "the operator's list has no right to " + right, this.allowed);
	}

	/**
	 * Demands that only this service's pods get the rights. A default does not forbid a
	 * service whose account it cannot hold for: it leaves that one without rights.
	 */
	static void account(ServiceSubject subject, List<Said<PolicyRule>> rules, Findings findings) {
		Callers.notOwn(subject).ifPresent((reason) -> rules.stream().findFirst().ifPresent((rule) -> {
			boolean own = subject.security()
				.stream()
				.anyMatch((level) -> level.id().equals(rule.resource()) && level.spec().service() != null);
			rule.at(findings)
				.report(DiagnosticCode.RIGHTS_NEED_OWN_ACCOUNT, own ? Severity.ERROR : Severity.WARNING, reason);
		}));
	}

}
