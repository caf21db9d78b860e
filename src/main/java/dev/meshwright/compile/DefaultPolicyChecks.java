package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.PolicyTarget;
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
		Names.object(id.name(), findings.name(id));
		alone(policy, findings);
		switch (policy.spec()) {
			case FailoverPolicySpec _ -> failover(policy.as(FailoverPolicySpec.class), findings);
			case SecurityPolicySpec _ -> {
				new SecurityChecks(this.settings).check(policy.as(SecurityPolicySpec.class), findings);
				if (id.namespace().isEmpty()) {
					CallerNamespaces.check(policy.as(SecurityPolicySpec.class), this.declarations, findings);
				}
			}
			default -> throw new IllegalArgumentException(id + " is no default policy");
		}
	}

	private void failover(Resource<FailoverPolicySpec> policy, Findings findings) {
		FailoverFieldChecks.check(policy.spec(), findings.spec(policy.id()));
		findings.spec(policy.id())
			.given("backup", policy.spec().backup(), (_, at) -> at.report(DiagnosticCode.SERVICE_LEVEL_ONLY,
					"a default is for services that would be their own backup"));
		List<Resource<FailoverPolicySpec>> layers = new ArrayList<>(List.of(policy));
		if (!policy.id().namespace().isEmpty()) {
			layers.addAll(0, this.declarations.snapshot()
				.index(PolicyTarget.platform().key(policy.id().kind()), FailoverPolicySpec.class));
		}
		FailoverLayerChecks.check(FailoverLayers.of(layers), findings);
	}

	private void alone(Resource<?> policy, Findings findings) {
		PolicyTarget target = PolicyTarget.of(policy).orElseThrow();
		Resource<?> first = this.declarations.snapshot().index(target.key(policy.id().kind())).getFirst();
		if (!first.id().equals(policy.id())) {
			findings.spec(policy.id())
				.report(DiagnosticCode.ALREADY_CLAIMED, target + " already has " + first.id(),
						"there is one default of a kind: change that one");
		}
	}

}
