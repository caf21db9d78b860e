package dev.meshwright.store;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.meshwright.store.Resources.LabelSelector;
import dev.meshwright.store.Resources.LabelSelector.Requirement;

/**
 * A label selector as conditions on the column {@code @labels}, {@code @} being the
 * table's alias.
 *
 * @param sql conditions, each preceded by {@code and}
 * @param parameters the labels and values that they name
 */
record LabelConditions(String sql, Map<String, Object> parameters) {

	static LabelConditions of(LabelSelector selector) {
		StringBuilder sql = new StringBuilder();
		Map<String, Object> parameters = new LinkedHashMap<>();
		for (Requirement requirement : selector.requirements()) {
			String label = "label" + parameters.size();
			parameters.put(label, requirement.label());
			String value = "@labels ->> :" + label;
			String values = label + "values";
			sql.append("\nand ").append(switch (requirement.operator()) {
				case IN -> "(" + value + ") = any(:" + values + "::text[])";
				case NOT_IN -> "coalesce((" + value + ") <> all(:" + values + "::text[]), true)";
				case EXISTS -> "(" + value + ") is not null";
				case DOES_NOT_EXIST -> "(" + value + ") is null";
			});
			parameters.put(values, requirement.values().toArray(String[]::new));
		}
		return new LabelConditions(sql.toString(), parameters);
	}

}
