package dev.meshwright.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ObjectFieldTest {

	private static final ObjectField IMAGE = ObjectField.of(".spec.template.spec.containers[name=\"web\"].image");

	private static final Map<String, Object> DEPLOYMENT = Map.of("metadata", Map.of("name", "web-v1"), "spec",
			Map.of("replicas", 3, "template", Map.of("spec", Map.of("containers",
					List.of(Map.of("name", "proxy", "image", "p"), Map.of("name", "web", "image", "w"))))));

	@ParameterizedTest
	@ValueSource(strings = { ".spec.replicas", ".spec.http", ".spec.template.spec.containers[name=\"web\"].image" })
	void isSpelledAsItIsRead(String path) {
		assertThat(ObjectField.of(path)).hasToString(path);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "spec.replicas", ".", ".spec.", ".spec..replicas", "[name=\"web\"]", ".spec[name=web]",
			".spec[0]", ".spec.replicas ", ".spec[name=\"a\"b\"]", ".spec/replicas" })
	void isNoField(String path) {
		assertThat(ObjectField.parse(path)).isEmpty();
	}

	@Test
	void leadsThroughItemsOfLists() {
		assertThat(IMAGE.in(DEPLOYMENT)).isEqualTo("w");
		assertThat(IMAGE.pointer(DEPLOYMENT)).contains("/spec/template/spec/containers/1/image");
		Map<String, Object> without = IMAGE.without(DEPLOYMENT);
		assertThat(IMAGE.in(without)).isNull();
		assertThat(IMAGE.pointer(without)).isEmpty();
		assertThat(without.toString()).contains("name=web", "image=p");
		assertThat(IMAGE.with(without, "w")).isEqualTo(DEPLOYMENT);
		assertThat(IMAGE.with(Map.of(), "w")).isEqualTo(Map.of("spec", Map.of("template",
				Map.of("spec", Map.of("containers", List.of(Map.of("name", "web", "image", "w")))))));
	}

	@Test
	void coversWhatIsBelowAndNothingBeside() {
		ObjectField http = ObjectField.of(".spec.http");
		assertThat(http.covers(".spec.http")).isTrue();
		assertThat(http.covers(".spec.http[0].route")).isTrue();
		assertThat(http.covers(".spec.httpx")).isFalse();
		assertThat(http.covers(".spec")).isFalse();
	}

	@Test
	void aLeaseTakesTheFieldOutAndNamesItUntilItEnds() {
		Instant end = Instant.parse("2027-01-31T12:00:00Z");
		ObjectRef ref = new ObjectRef(ObjectKind.DEPLOYMENT, "shop", "web-v1");
		Manifest manifest = new Manifest(ref, DEPLOYMENT, Manifest.Phase.MAKE, List.of(), Set.of())
			.with(List.of(new FieldLease(IMAGE, "image-updater", end, "w"),
					new FieldLease(ObjectField.of(".spec.replicas"), "keda", null, 3)));
		Manifest leased = manifest.at(end.minusMillis(1));
		assertThat(IMAGE.in(leased.body())).isNull();
		assertThat(FieldLease.of(leased.body())).extracting(FieldLease::field, FieldLease::manager)
			.containsExactlyInAnyOrder(org.assertj.core.groups.Tuple.tuple(IMAGE, "image-updater"),
					org.assertj.core.groups.Tuple.tuple(ObjectField.of(".spec.replicas"), "keda"));
		Manifest ended = manifest.at(end);
		assertThat(IMAGE.in(ended.body())).isEqualTo("w");
		assertThat(FieldLease.of(ended.body())).extracting(FieldLease::manager).containsExactly("keda");
		assertThat(manifest.with(List.of()).at(end).body()).isEqualTo(DEPLOYMENT);
	}

}
