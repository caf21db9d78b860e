-- Both indexes began with the cluster, as does the key. A planner that knows little of the table takes any of them for the
-- objects of one unit, and then each unit reads all objects of its namespace, or of its cluster. Now each index is of use to
-- the statements that it is for, and to no other.
drop index inventory_by_unit;
drop index inventory_by_namespace;
create index inventory_by_unit on inventory (service, namespace, (cluster || ''));
create index inventory_by_namespace on inventory ((namespace || ''), cluster, object_kind, object_namespace, object_name);
