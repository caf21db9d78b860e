package dev.meshwright.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.Key;
import dev.meshwright.model.Kind;
import dev.meshwright.model.Resource;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.Snapshot;
import dev.meshwright.model.UnitId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ValidatorTest {

	private static final ResourceId WEBAPP = ResourceId.service("shop", "webapp");

	private static final ResourceId CART = ResourceId.service("shop", "cart");

	private static final ResourceId POLICY = new ResourceId(Kind.ROUTING_POLICY, "shop", "webapp");

	private final Validator validator = new Validator(TestRenderers.compiler());

	private static List<Resource<?>> shop() {
		return new ArrayList<>(Declared.documents(CompilerTest.SHOP));
	}

	private static Resource<?> one(List<Resource<?>> resources, ResourceId id) {
		return resources.stream().filter((resource) -> resource.id().equals(id)).findFirst().orElseThrow();
	}

	private static Snapshot without(Predicate<ResourceId> gone) {
		return Declared.snapshot(shop().stream()
			.<Resource<?>>map((resource) -> resource)
			.filter((resource) -> !gone.test(resource.id()))
			.toList());
	}

	@Test
	void deletingWhatAnotherUnitReadsIsRefused() {
		Validated validated = this.validator.validate(Declared.snapshot(shop()), List.of(), List.of(CART),
				(keys) -> keys.contains(Key.resource(CART)) ? Set.of(new UnitId("east", "shop", "webapp")) : Set.of());
		assertThat(validated.isRefused()).isTrue();
		assertThat(validated.introduced()).extracting(Diagnostic::code)
			.containsExactly(DiagnosticCode.SERVICE_NOT_FOUND);
		assertThat(validated.introduced()).extracting(Diagnostic::resource).containsExactly(POLICY);
		assertThat(validated.compilations()).containsKey(new UnitId("east", "shop", "webapp"));
	}

	@Test
	void anErrorThatWasThereBeforeRefusesNothing() {
		Snapshot broken = without(CART::equals);
		Validated validated = this.validator.validate(broken, List.of(one(shop(), WEBAPP)), List.of(), (_) -> Set.of());
		assertThat(validated.diagnostics()).anyMatch(Diagnostic::isError);
		assertThat(validated.isRefused()).isFalse();
	}

	@Test
	void policyAndServiceMayComeTogether() {
		Snapshot before = without((id) -> id.equals(WEBAPP) || id.equals(POLICY));
		assertThat(
				this.validator.validate(before, List.of(one(shop(), POLICY)), List.of(), (_) -> Set.of()).introduced())
			.extracting(Diagnostic::code)
			.containsExactly(DiagnosticCode.SERVICE_NOT_FOUND);
		Validated both = this.validator.validate(before, List.of(one(shop(), POLICY), one(shop(), WEBAPP)), List.of(),
				(_) -> Set.of());
		assertThat(both.isRefused()).isFalse();
		assertThat(both.compilations()).containsOnlyKeys(new UnitId("east", "shop", "webapp"));
		assertThat(both.reads()).contains(Key.resource(WEBAPP), Key.host("shop.example.com"));
	}

	@Test
	void theServiceThatAPolicyLeavesIsCompiledToo() {
		Resource<?> moved = Declared
			.documents("kind: RoutingPolicy\nmetadata: {namespace: shop, name: webapp}\nspec: {service: cart}")
			.getFirst();
		Validated validated = this.validator.validate(Declared.snapshot(shop()), List.of(moved), List.of(),
				(_) -> Set.of());
		assertThat(validated.compilations()).containsOnlyKeys(new UnitId("east", "shop", "cart"),
				new UnitId("east", "shop", "webapp"));
	}

	@Test
	void overlayAnswersAsIfItWereStored() {
		Resource<?> webapp = one(shop(), WEBAPP);
		OverlaySnapshot overlay = new OverlaySnapshot(without(WEBAPP::equals), List.of(webapp), List.of(CART));
		assertThat(overlay.find(WEBAPP)).contains(webapp);
		assertThat(overlay.find(CART)).isEmpty();
		assertThat(overlay.index(Key.host("shop.example.com"))).isEqualTo(List.of(webapp));
		assertThat(overlay.index(Key.account("shop", "cart"))).isEmpty();
		assertThat(overlay.revision()).isEqualTo(7);
	}

}
