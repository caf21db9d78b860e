package dev.meshwright.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.meshwright.document.Json;
import dev.meshwright.model.Condition;
import dev.meshwright.model.Diagnostic;
import dev.meshwright.model.DiagnosticCode;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ResourceId;
import dev.meshwright.model.UnitId;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of {@code unit_status}. */
final class ReportRows {

	private final JdbcClient jdbc;

	ReportRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * A report to store.
	 *
	 * @param unit whose
	 * @param revision the snapshot's revision
	 * @param report the report
	 */
	record Row(UnitId unit, long revision, UnitReport report) {
	}

	void store(Collection<Row> reports) {
		JsonRows rows = new JsonRows();
		reports.forEach((row) -> rows.unit(row.unit)
			.with("revision", row.revision)
			.with("generations", generations(row.report))
			.with("conditions", row.report.conditions().stream().map(ReportRows::condition).toList())
			.with("diagnostics", row.report.diagnostics().stream().map(ReportRows::diagnostic).toList()));
		this.jdbc
			.sql("""
					insert into unit_status (cluster, namespace, service, revision, generations, conditions, diagnostics)
					select * from %s
					on conflict (cluster, namespace, service) do update set revision = excluded.revision,
						generations = excluded.generations, conditions = excluded.conditions,
						diagnostics = excluded.diagnostics, updated_at = now()"""
				.formatted(JsonRows.as("r", "revision bigint, generations jsonb, conditions jsonb, diagnostics jsonb")))
			.param("rows", rows.toString())
			.update();
	}

	/** A report as its three columns hold it. */
	static UnitReport read(String generations, String conditions, String diagnostics) {
		Map<ResourceId, Long> seen = new TreeMap<>();
		Json.mapper()
			.readTree(generations)
			.forEachEntry((id, generation) -> resource(id).ifPresent((key) -> seen.put(key, generation.asLong())));
		List<Condition> read = new ArrayList<>();
		Json.mapper().readTree(conditions).forEach((node) -> condition(node).ifPresent(read::add));
		List<Diagnostic> said = new ArrayList<>();
		Json.mapper().readTree(diagnostics).forEach((node) -> diagnostic(node).ifPresent(said::add));
		return new UnitReport(seen, read, said);
	}

	private static Map<String, Long> generations(UnitReport report) {
		Map<String, Long> generations = new TreeMap<>();
		report.generations().forEach((id, generation) -> generations.put(id.toString(), generation));
		return generations;
	}

	private static Map<String, String> condition(Condition condition) {
		Map<String, String> row = new LinkedHashMap<>();
		row.put("type", condition.type().toString());
		row.put("status", condition.status().toString());
		row.put("reason", condition.reason());
		row.put("message", condition.message());
		row.put("since", condition.lastTransitionTime().toString());
		return row;
	}

	/** Empty for a condition that only a newer version knows. */
	static Optional<Condition> condition(JsonNode node) {
		Optional<Condition.Type> type = named(Condition.Type.values(), text(node, "type"));
		Optional<Condition.Status> status = named(Condition.Status.values(), text(node, "status"));
		return type.flatMap((known) -> status.map((value) -> new Condition(known, value, text(node, "reason"),
				text(node, "message"), 0, Instant.parse(text(node, "since")))));
	}

	private static Map<String, String> diagnostic(Diagnostic diagnostic) {
		Map<String, String> row = new LinkedHashMap<>();
		row.put("code", diagnostic.code().name());
		row.put("severity", diagnostic.severity().name());
		row.put("resource", diagnostic.resource().toString());
		row.put("pointer", diagnostic.pointer());
		row.put("message", diagnostic.message());
		row.put("remedy", diagnostic.remedy());
		return row;
	}

	/** Empty for a finding that only a newer version knows. */
	static Optional<Diagnostic> diagnostic(JsonNode node) {
		Optional<DiagnosticCode> code = named(DiagnosticCode.values(), text(node, "code"));
		Optional<ResourceId> resource = resource(text(node, "resource"));
		return code.flatMap((known) -> resource
			.map((id) -> new Diagnostic(known, Diagnostic.Severity.valueOf(text(node, "severity")), id,
					text(node, "pointer"), text(node, "message"), text(node, "remedy"))));
	}

	private static <E extends Enum<E>> Optional<E> named(E[] values, String text) {
		return Arrays.stream(values)
			.filter((value) -> value.name().equals(text) || value.toString().equals(text))
			.findFirst();
	}

	private static Optional<ResourceId> resource(String text) {
		String[] parts = text.split("/");
		return Kind.named(parts[0])
			.map((kind) -> (parts.length == 3) ? new ResourceId(kind, parts[1], parts[2])
					: ResourceId.of(kind, parts[1]));
	}

	private static String text(JsonNode node, String field) {
		return node.path(field).asString("");
	}

}
