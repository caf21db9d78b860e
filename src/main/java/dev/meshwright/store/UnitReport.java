package dev.meshwright.store;

import java.util.List;
import java.util.Map;

import dev.meshwright.model.Condition;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.ResourceId;

/**
 * What a unit reports.
 *
 * @param generations the declarations that it saw and their generations
 * @param conditions its conditions; their observedGeneration is 0, as it differs for each
 * declaration
 * @param diagnostics what its compilation said
 */
public record UnitReport(Map<ResourceId, Long> generations, List<Condition> conditions, List<Diagnostic> diagnostics) {

	public UnitReport {
		generations = Map.copyOf(generations);
		conditions = List.copyOf(conditions);
		diagnostics = List.copyOf(diagnostics);
	}

}
