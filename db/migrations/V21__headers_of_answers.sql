-- The headers of an answer that is given again, as {name: [value, …]}. A replica of the version before writes none.
alter table idempotency_key add column headers jsonb not null default '{}';
