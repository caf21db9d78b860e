package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import dev.meshwright.model.PolicyTarget;
import dev.meshwright.model.PolicyTarget.Level;
import dev.meshwright.model.Resource;
import dev.meshwright.model.failover.FailoverPolicySpec;
import dev.meshwright.model.failover.Locality;
import org.jspecify.annotations.Nullable;

/**
 * The failover policies that hold together, one a level.
 *
 * @param policies the policies, the level furthest above first; what a nearer level's
 * choice of a locality takes the place of is left out
 */
record FailoverLayers(List<Resource<FailoverPolicySpec>> policies) {

	/** Of several policies of a level, which is a fault, the first. */
	static FailoverLayers of(List<Resource<FailoverPolicySpec>> found) {
		Map<Level, Resource<FailoverPolicySpec>> levels = new EnumMap<>(Level.class);
		found.forEach((policy) -> levels.putIfAbsent(PolicyTarget.of(policy).orElseThrow().level(), policy));
		List<Resource<FailoverPolicySpec>> policies = new ArrayList<>();
		boolean chosen = false;
		for (Resource<FailoverPolicySpec> policy : List.copyOf(levels.values()).reversed()) {
			Locality locality = policy.spec().locality();
			boolean chooses = locality != null && locality.chooses();
			policies.addFirst((chosen && chooses) ? withoutChoice(policy) : policy);
			chosen |= chooses;
		}
		return new FailoverLayers(List.copyOf(policies));
	}

	private static Resource<FailoverPolicySpec> withoutChoice(Resource<FailoverPolicySpec> policy) {
		FailoverPolicySpec spec = policy.spec();
		return new Resource<>(policy.id(), policy.metadata(),
				new FailoverPolicySpec(spec.service(), spec.outlierDetection(), spec.connectionPool(), spec.timeout(),
						spec.retries(), spec.retryBudget(), spec.rateLimit(),
						(spec.locality() != null) ? spec.locality().withoutChoice() : null, spec.backup()));
	}

	/** All levels in one; nothing but absent fields when no policy holds. */
	FailoverPolicySpec merged() {
		return this.policies.stream()
			.map(Resource::spec)
			.reduce(new FailoverPolicySpec(null, null, null, null, null, null, null, null, null), Layers::over);
	}

	/** The nearest policy that gives a field. */
	Optional<Resource<FailoverPolicySpec>> origin(Function<FailoverPolicySpec, @Nullable Object> field) {
		return this.policies.reversed().stream().filter((policy) -> field.apply(policy.spec()) != null).findFirst();
	}

	/**
	 * The place where a field that holds was declared.
	 * @throws java.util.NoSuchElementException when no policy gives it
	 */
	At at(Findings findings, Function<FailoverPolicySpec, @Nullable Object> field, String... path) {
		At at = findings.spec(origin(field).orElseThrow().id());
		for (String step : path) {
			at = at.at(step);
		}
		return at;
	}

}
