-- Jobs of several kinds: whoever can do one claims it. Those that need a live cluster are done by reconcile.
alter table job add column task text not null default 'ChangeSet';
drop index job_open;
create index job_open on job (task, created_at) where finished_at is null;

-- What a change set, or what is declared, would do to clusters, as it was found out once. An id is that of the job that did.
create table plan (
    id               uuid primary key,
    owner            text        not null,
    -- what was planned: a change set or a scope
    request          jsonb       not null,
    revision         bigint      not null,
    digest           text        not null,
    applicable       boolean     not null,
    -- what it says, as it is shown
    content          jsonb       not null,
    -- hashes of what it saw and would do, compared when it is applied
    evidence         jsonb       not null,
    created_at       timestamptz not null default now(),
    expires_at       timestamptz not null default now() + interval '1 hour',
    applied_at       timestamptz,
    applied_revision bigint
);
create index plan_by_age on plan (created_at);

-- What the plan that was applied last allows a unit to take away and to take over. It holds until a later revision
-- changes something that the unit reads.
create table unit_plan (
    cluster   text   not null,
    namespace text   not null,
    service   text   not null,
    plan      uuid   not null,
    revision  bigint not null,
    removals  jsonb  not null,
    takeovers jsonb  not null,
    primary key (cluster, namespace, service)
);
