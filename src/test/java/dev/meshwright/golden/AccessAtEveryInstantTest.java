package dev.meshwright.golden;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import dev.meshwright.compile.Compilation;
import dev.meshwright.compile.Compiler;
import dev.meshwright.compile.OverlaySnapshot;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Manifest;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.security.SecurityPolicySpec;
import dev.meshwright.model.security.SecurityPolicySpec.Access;
import dev.meshwright.model.security.SecurityPolicySpec.Custom;
import dev.meshwright.reconcile.PlannedPush;
import dev.meshwright.reconcile.PlannedPush.Change;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * While a policy becomes another, object by object, nobody gets in whom neither of the
 * two lets in. The seed is fixed, so a failure comes again.
 */
class AccessAtEveryInstantTest {

	private static final int CHANGES = 1_500;

	private static final int CALLS = 40;

	private final Random random = new Random(20261126);

	private final RandomSecurity generator = new RandomSecurity(this.random);

	private final Compiler compiler = new Compiler(GoldenOutput.RENDERERS, GoldenOutput.SETTINGS);

	private final Declarations shop = AccessOracleTest.shop();

	@Test
	void nobodyGetsInWhomNeitherDeclarationLetsIn() {
		int changes = 0;
		int between = 0;
		while (changes < CHANGES) {
			SecurityPolicySpec declared = this.generator.policy("webapp");
			SecurityPolicySpec first = vouchedAs(declared, declared);
			SecurityPolicySpec second = vouchedAs(declared, this.generator.policy("webapp"));
			Optional<List<Manifest>> before = compiled(first);
			Optional<List<Manifest>> after = compiled(second);
			if (before.isPresent() && after.isPresent()) {
				changes++;
				between += follow(before.get(), after.get());
			}
		}
		assertThat(between).as("states between").isGreaterThan(CHANGES);
	}

	/**
	 * Who vouches for callers stays: what a token says, and what an authorizer answers,
	 * is then the same throughout.
	 */
	private static SecurityPolicySpec vouchedAs(SecurityPolicySpec other, SecurityPolicySpec spec) {
		Access access = spec.access();
		if (access != null && access.custom() != null) {
			access = new Access(access.default_(), access.allow(), access.deny(), access.audit(),
					new Custom(RandomSecurity.AUTHORIZERS.getFirst(), access.custom().rules()));
		}
		return new SecurityPolicySpec(spec.service(), spec.mutualTLS(), other.jwt(), access, spec.mode(),
				spec.overridable(), spec.networkPolicy(), spec.rbac());
	}

	private Optional<List<Manifest>> compiled(SecurityPolicySpec spec) {
		Compilation compilation = this.compiler.compile(new UnitId("east", "shop", "webapp"),
				new OverlaySnapshot(this.shop, List.of(AccessOracleTest.policy("shop", spec)), List.of()));
		return compilation.diagnostics().stream().anyMatch(Diagnostic::isError) ? Optional.empty()
				: Optional.of(List.copyOf(compilation.manifests()));
	}

	/** Makes the changes of a wave in a random order and asks after each. */
	private int follow(List<Manifest> before, List<Manifest> after) {
		List<Call> calls = new ArrayList<>();
		while (calls.size() < CALLS) {
			calls.add(this.generator.call());
		}
		IstioAccess old = new IstioAccess(before);
		IstioAccess fresh = new IstioAccess(after);
		Map<ObjectRef, Manifest> live = new TreeMap<>();
		before.forEach((manifest) -> live.put(manifest.ref(), manifest));
		int states = 0;
		for (List<Change> wave : PlannedPush.waves(before, after)) {
			List<Change> shuffled = new ArrayList<>(wave);
			Collections.shuffle(shuffled, this.random);
			for (Change change : shuffled) {
				change.body()
					.ifPresentOrElse((body) -> live.put(change.ref(), Manifest.make(change.ref(), body)),
							() -> live.remove(change.ref()));
				IstioAccess now = new IstioAccess(live.values());
				assertThat(calls).filteredOn(now::allows)
					.as("let in after %s\nbetween %s\nand %s", change.ref(), before, after)
					.allMatch((call) -> old.allows(call) || fresh.allows(call));
				states++;
			}
		}
		assertThat(calls).filteredOn(new IstioAccess(live.values())::allows)
			.as("let in at last")
			.isEqualTo(calls.stream().filter(fresh::allows).toList());
		return states;
	}

}
