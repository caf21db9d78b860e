-- What we keep in a cluster, page by page: of one namespace after the other for whoever may not see them all, and of what is
-- kept although nothing declares it.
create index inventory_by_namespace on inventory (cluster, namespace, object_kind, object_namespace, object_name);
create index inventory_orphaned on inventory (cluster, object_kind, object_namespace, object_name) where orphaned;
-- What others change as often as we set it right.
create index inventory_forced on inventory (cluster) where forced > 0;
