package dev.meshwright.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.meshwright.compile.Effective;
import dev.meshwright.compile.Placement;
import dev.meshwright.document.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Everything that holds for a service, merged from all that is declared and the defaults.
 *
 * @param kind always {@code EffectiveService}
 * @param namespace the service's namespace
 * @param name the service's name
 * @param revision the revision that this shows
 * @param clusters the clusters on which it is
 * @param values the branches service, failover, routing and namespace, each as the spec
 * of that name
 * @param origins where each value comes from, by its JSON pointer in values
 */
record EffectiveView(String kind, String namespace, String name, long revision, List<String> clusters, JsonNode values,
		Map<String, OriginView> origins) {

	static EffectiveView of(Effective effective, Placement placed) {
		Map<String, OriginView> origins = new TreeMap<>();
		effective.origins().forEach((pointer, origin) -> origins.put(pointer, OriginView.of(origin)));
		return new EffectiveView("EffectiveService", effective.service().namespace(), effective.service().name(),
				placed.revision(), List.copyOf(placed.clusters()), Json.mapper().valueToTree(effective.values()),
				origins);
	}

	/**
	 * Where a value comes from.
	 *
	 * @param source declared or default
	 * @param resource the resource that declares it
	 * @param pointer where in that resource's document, a JSON pointer
	 */
	record OriginView(String source, @Nullable String resource, @Nullable String pointer) {

		static OriginView of(Effective.Origin origin) {
			return switch (origin) {
				case Effective.Declared declared ->
					new OriginView("declared", declared.resource().toString(), declared.pointer());
				case Effective.Default _ -> new OriginView("default", null, null);
			};
		}

	}

}
