package dev.meshwright.compile;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.failover.FailoverPolicySpec;

/**
 * What can be said of the default policy of a namespace or of the platform by itself.
 * What becomes of it where it is merged is said of each service.
 */
final class DefaultPolicyChecks {

	private final Declarations declarations;

	DefaultPolicyChecks(Declarations declarations) {
		this.declarations = declarations;
	}

	void check(Resource<?> policy, Findings findings) {
		ResourceId id = policy.id();
		if (!id.namespace().isEmpty() && this.declarations.namespace(id.namespace()).isEmpty()) {
			findings.name(id)
				.report(DiagnosticCode.NAMESPACE_NOT_FOUND, "Namespace " + id.namespace() + " is not declared",
						id.namespace());
		}
		switch (policy.spec()) {
			case FailoverPolicySpec _ -> {
			}
			default -> throw new IllegalArgumentException(id + " is no default policy");
		}
	}

}
