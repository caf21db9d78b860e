-- What keeps pushes from doing what nobody meant.

-- Why nothing is pushed to a cluster, until its cause is gone or an operator has released exactly what was found.
create table cluster_halt (
    cluster      text primary key,
    reason       text        not null,
    -- what was found there
    cluster_uid  text        not null,
    installation text,
    revision     bigint,
    message      text        not null,
    since        timestamptz not null default now(),
    released_by  text,
    released_at  timestamptz
);

-- Deletions are counted by cluster before any of them is made: every unit that a revision concerns first says what
-- goes. Too many are held until an operator releases them.
alter table unit add column planned_revision bigint not null default 0;
create index unit_unplanned on unit (cluster) where dirty_revision > planned_revision;
alter table tombstone add column released_by text;
alter table tombstone add column released_at timestamptz;
create index tombstone_open on tombstone (cluster) where worked_off_at is null and released_at is null;
create index tombstone_recent on tombstone (cluster, worked_off_at) where worked_off_at is not null and released_at is null;

-- What routes of other units lead to: it is made before they move there, and stays until they have moved away.
alter table inventory add column needs jsonb not null default '[]';
alter table inventory add column intent_needs jsonb;
create index inventory_needy on inventory (cluster) where needs <> '[]' or intent_needs is not null;
-- The units of the same cluster, as namespace/service, whose end wakes this one.
alter table unit add column waits_for jsonb;
create index unit_waiting on unit (cluster) where waits_for is not null;
