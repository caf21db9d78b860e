package dev.meshwright.store;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.meshwright.model.Manifest.Need;
import dev.meshwright.model.UnitId;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What units of one cluster need of each other. */
final class NeedRows {

	private final JdbcClient jdbc;

	NeedRows(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** An object is there when it was pushed; a subset, when the pushed object had it. */
	Set<Need> missing(UnitId unit, Set<Need> needs) {
		Map<String, Need> byKey = new TreeMap<>();
		JsonRows rows = new JsonRows();
		for (Need need : needs) {
			byKey.put(need.key(), need);
			rows.unit(unit).object(need.ref()).with("subset", need.subset()).with("key", need.key());
		}
		Set<Need> missing = new TreeSet<>();
		this.jdbc
			.sql("""
					select n.key from jsonb_to_recordset(cast(:rows as jsonb)) as n(cluster text, object_kind text,
						object_namespace text, object_name text, subset text, key text)
					where exists (select 1 from unit u where u.cluster = n.cluster
							and u.namespace = n.object_namespace and u.service = n.object_name)
						and not exists (select 1 from inventory i where i.cluster = n.cluster
							and i.object_kind = n.object_kind and i.object_namespace = n.object_namespace
							and i.object_name = n.object_name and i.uid is not null and (n.subset = ''
								or i.body #> '{spec,subsets}' @> jsonb_build_array(jsonb_build_object('name', n.subset))))""")
			.param("rows", rows.toString())
			.query(String.class)
			.list()
			.forEach((key) -> missing.add(byKey.get(key)));
		return missing;
	}

	PushProgress.Use use(UnitId unit, Set<String> keys) {
		Set<UnitId> users = new TreeSet<>(this.jdbc.sql("""
				select distinct i.cluster, i.namespace, i.service from inventory i
				where i.cluster = :cluster and (i.needs <> '[]' or i.intent_needs is not null)
					and not (i.namespace = :namespace and i.service = :service)
					and jsonb_exists_any(i.needs || coalesce(i.intent_needs, '[]'), :keys::text[])""")
			.param("cluster", unit.cluster())
			.param("namespace", unit.namespace())
			.param("service", unit.service())
			.param("keys", keys.toArray(String[]::new))
			.query((row, number) -> UnitRows.unit(row))
			.list());
		boolean waited = this.jdbc.sql("""
				select count(*) from unit where cluster = :cluster and namespace = :namespace and service = :service
					and waits_for is not null""")
			.param("cluster", unit.cluster())
			.param("namespace", unit.namespace())
			.param("service", unit.service())
			.query(Integer.class)
			.single() > 0;
		return new PushProgress.Use(users, waited);
	}

}
