package dev.meshwright.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.meshwright.document.Json;
import dev.meshwright.document.SpecBinder;
import dev.meshwright.model.Kind;
import dev.meshwright.model.ObjectRef;
import dev.meshwright.model.UnitId;
import dev.meshwright.model.namespace.NamespaceSpec;
import dev.meshwright.model.ownership.Adoption;
import dev.meshwright.store.PushState.InventoryEntry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads how far pushes have come: two statements for any number of units. */
final class PushStateRows {

	private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {
	};

	private static final TypeReference<List<PushState.Rewritten>> REWRITTEN = new TypeReference<>() {
	};

	/**
	 * Joins rows {@code i} of the inventory with the tombstones that ask for them to go.
	 */
	static final String TOMBSTONED = """
			left join tombstone t on t.cluster = i.cluster and t.object_kind = i.object_kind
				and t.object_namespace = i.object_namespace and t.object_name = i.object_name
				and t.uid = i.uid and t.worked_off_at is null
			""";

	private final JdbcClient jdbc;

	PushStateRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	Map<UnitId, PushState> read(Collection<UnitId> units) {
		JsonRows rows = new JsonRows();
		units.forEach(rows::unit);
		Map<UnitId, List<InventoryEntry>> inventory = inventory(rows);
		Map<UnitId, PushState> states = new HashMap<>();
		this.jdbc
			.sql("""
					select u.cluster, u.namespace, u.service, u.made_at, u.switched_at, u.compiled_revision,
						s.generations, s.conditions, s.diagnostics, now() as now, u.rested_revision, u.manual_sync,
						(select t.spec from terminating t where t.kind = 'Namespace' and t.namespace = ''
							and t.name = u.namespace and not exists (select 1 from resource r where r.kind = 'Namespace'
								and r.namespace = '' and r.name = u.namespace)) as deleted_namespace,
						(select jsonb_agg(a) from adoption a where a.cluster = u.cluster and a.namespace = u.namespace
							and a.service = u.service and a.expires_at > now()) as adoptions,
						(select i.uid from inventory i where i.cluster = u.cluster and i.object_kind = 'Namespace'
							and i.object_namespace = '' and i.object_name = u.namespace) is not null as namespace_pushed
					from unit u
					join %s
						on n.cluster = u.cluster and n.namespace = u.namespace and n.service = u.service
					left join unit_status s
						on s.cluster = u.cluster and s.namespace = u.namespace and s.service = u.service"""
				.formatted(JsonRows.as("n")))
			.param("rows", rows.toString())
			.query((row) -> {
				UnitId unit = UnitRows.unit(row);
				states.put(unit, state(unit, row, inventory.getOrDefault(unit, List.of())));
			});
		return states;
	}

	private static PushState state(UnitId unit, ResultSet row, List<InventoryEntry> inventory) throws SQLException {
		String conditions = row.getString("conditions");
		Optional<UnitReport> report = (conditions == null) ? Optional.empty()
				: Optional.of(ReportRows.read(row.getString("generations"), conditions, row.getString("diagnostics")));
		Instant now = UnitRows.instant(row, "now");
		return new PushState(unit, inventory, UnitRows.instant(row, "made_at"), UnitRows.instant(row, "switched_at"),
				row.getLong("compiled_revision"), row.getBoolean("namespace_pushed"), report, sync(row),
				adoptions(row.getString("adoptions")), (now != null) ? now : Instant.EPOCH);
	}

	private static List<Adoption> adoptions(@Nullable String rows) {
		List<Adoption> adoptions = new ArrayList<>();
		if (rows != null) {
			for (JsonNode row : Json.mapper().readTree(rows)) {
				Set<String> fields = new TreeSet<>();
				row.get("fields").forEach((field) -> fields.add(field.asString()));
				adoptions.add(new Adoption(
						new ObjectRef(UnitRows.kind(row.get("object_kind").asString()),
								row.get("object_namespace").asString(), row.get("object_name").asString()),
						row.get("uid").asString(), fields));
			}
		}
		return adoptions;
	}

	private static PushState.Sync sync(ResultSet row) throws SQLException {
		String deleted = row.getString("deleted_namespace");
		return new PushState.Sync(row.getLong("rested_revision"), row.getBoolean("manual_sync"), (deleted == null)
				? null : (NamespaceSpec) SpecBinder.stored(Kind.NAMESPACE, Json.mapper().readTree(deleted)));
	}

	private Map<UnitId, List<InventoryEntry>> inventory(JsonRows rows) {
		Map<UnitId, List<InventoryEntry>> inventory = new HashMap<>();
		this.jdbc
			.sql("""
					select i.*, t.uid is not null as tombstoned
					from %s
					join inventory i on %s
					%s
					order by i.object_kind, i.object_namespace, i.object_name""".formatted(JsonRows.as("n"),
					InventoryRows.ofUnit("n."), TOMBSTONED))
			.param("rows", rows.toString())
			.query((row) -> {
				inventory.computeIfAbsent(UnitRows.unit(row), (unit) -> new ArrayList<>()).add(entry(row));
			});
		return inventory;
	}

	private static InventoryEntry entry(ResultSet row) throws SQLException {
		String body = row.getString("body");
		long fence = row.getLong("intent_fence");
		Long intentFence = row.wasNull() ? null : fence;
		String owned = row.getString("owned_hash");
		return new InventoryEntry(UnitRows.object(row), row.getString("uid"), row.getString("resource_version"),
				row.getString("hash"), (owned != null) ? owned : "",
				(body != null) ? Json.mapper().readValue(body, TREE) : Map.of(), refs(row.getString("awaits")),
				row.getLong("revision"), intentFence, row.getString("intent_hash"), row.getBoolean("orphaned"),
				row.getBoolean("tombstoned"), row.getInt("forced"), UnitRows.instant(row, "forced_at"),
				rewritten(row.getString("rewritten")));
	}

	private static List<PushState.Rewritten> rewritten(@Nullable String fields) {
		return (fields != null) ? Json.mapper().readValue(fields, REWRITTEN) : List.of();
	}

	/** References as a column holds them: {@code [[kind, namespace, name], …]}. */
	static List<List<String>> columns(Set<ObjectRef> refs) {
		return new TreeSet<>(refs).stream()
			.map((ref) -> List.of(ref.kind().toString(), ref.namespace(), ref.name()))
			.toList();
	}

	/** What {@link #columns} wrote. */
	static Set<ObjectRef> refs(String text) {
		Set<ObjectRef> refs = new TreeSet<>();
		for (JsonNode node : Json.mapper().readTree(text)) {
			refs.add(new ObjectRef(UnitRows.kind(node.get(0).asString()), node.get(1).asString(),
					node.get(2).asString()));
		}
		return refs;
	}

}
