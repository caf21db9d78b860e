-- What closed sync windows keep back, and what passes them.
-- The snapshot up to which everything that it yields was pushed: overrides that came later pass.
alter table unit add column rested_revision bigint not null default 0;
update unit set rested_revision = done_revision where not continues;
-- Somebody asked for a sync: it passes windows that allow it, until there is nothing left to do.
alter table unit add column manual_sync boolean not null default false;
