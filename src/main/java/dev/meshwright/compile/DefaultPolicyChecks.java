package dev.meshwright.compile;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec;

/**
 * What can be said of the default policy of a namespace or of the platform by itself.
 * What becomes of it where it is merged is said of each service.
 */
final class DefaultPolicyChecks {

	private final Declarations declarations;

	private final CompilerSettings settings;

	DefaultPolicyChecks(Declarations declarations, CompilerSettings settings) {
		this.declarations = declarations;
		this.settings = settings;
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
			case SecurityPolicySpec _ ->
				new SecurityChecks(this.settings).check(policy.as(SecurityPolicySpec.class), findings);
			default -> throw new IllegalArgumentException(id + " is no default policy");
		}
	}

}
