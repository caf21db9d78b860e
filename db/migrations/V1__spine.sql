-- Desired state, its history, and the work that follows from it. Plain SQL that Postgres-compatible
-- distributed databases accept: no triggers, no advisory locks.

create table installation (
    singleton  boolean primary key default true check (singleton),
    id         text        not null,
    -- the highest fence of the units that are gone: should one come back, it goes on above it
    fence      bigint      not null default 0,
    created_at timestamptz not null default now()
);
insert into installation (id) values (gen_random_uuid()::text);

-- The head: every commit updates this one row last of all, so revision order is commit order, without gaps.
create table revision_head (
    singleton boolean primary key default true check (singleton),
    revision  bigint not null
);
insert into revision_head (revision) values (0);

create table revision (
    revision   bigint primary key,
    author     text        not null,
    message    text        not null,
    created_at timestamptz not null default now()
);

-- Desired state. A deleted resource has no row here; see terminating.
create table resource (
    kind        text        not null,
    namespace   text        not null,
    name        text        not null,
    uid         uuid        not null,
    generation  bigint      not null,
    revision    bigint      not null,
    labels      jsonb       not null,
    annotations jsonb       not null,
    spec        jsonb       not null,
    created_at  timestamptz not null,
    updated_by  text        not null,
    primary key (kind, namespace, name)
);

-- Deleted resources whose objects are not all gone yet; the newest incarnation only.
create table terminating (
    kind        text        not null,
    namespace   text        not null,
    name        text        not null,
    uid         uuid        not null,
    generation  bigint      not null,
    revision    bigint      not null,
    labels      jsonb       not null,
    annotations jsonb       not null,
    spec        jsonb       not null,
    created_at  timestamptz not null,
    updated_by  text        not null,
    deleted_at  timestamptz not null default now(),
    primary key (kind, namespace, name)
);

create table resource_change (
    revision  bigint not null references revision (revision),
    kind      text   not null,
    namespace text   not null,
    name      text   not null,
    before    jsonb,
    after     jsonb,
    primary key (revision, kind, namespace, name)
);
create index resource_change_by_resource on resource_change (kind, namespace, name, revision);

-- The keys under which resources can be found, beside their names.
create table index_entry (
    key       text not null,
    kind      text not null,
    namespace text not null,
    name      text not null,
    primary key (key, kind, namespace, name)
);
create index index_entry_by_resource on index_entry (kind, namespace, name);

-- What only one resource may have: a policy's target, a host.
create table unique_claim (
    key       text primary key,
    kind      text not null,
    namespace text not null,
    name      text not null
);
create index unique_claim_by_resource on unique_claim (kind, namespace, name);

create table changed_key (
    revision bigint not null,
    key      text   not null,
    primary key (revision, key)
);
create index changed_key_by_key on changed_key (key, revision);

-- Up to where changed keys have been turned into dirty units. Recording reads takes a share lock on it.
create table expansion (
    singleton boolean primary key default true check (singleton),
    revision  bigint not null
);
insert into expansion (revision) values (0);

-- One service or namespace on one cluster; with an empty cluster, its placement.
create table unit (
    cluster           text        not null,
    namespace         text        not null,
    service           text        not null,
    -- why it is dirty: the newest revision that concerns it, or a resync; cleared up to what a worker claimed
    dirty_revision    bigint      not null default 0,
    done_revision     bigint      not null default 0,
    resync            boolean     not null default false,
    -- a resync that was asked for is under way: what is asked for meanwhile is not lost at its end
    resyncing         boolean     not null default false,
    continues         boolean     not null default false,
    not_before        timestamptz not null default now(),
    dirty_since       timestamptz not null default now(),
    -- who works on it
    fence             bigint      not null default 0,
    worker            text,
    lease_until       timestamptz,
    attempts          integer     not null default 0,
    -- how far the push has come
    made_at           timestamptz,
    switched_at       timestamptz,
    -- the snapshot that it last compiled without error, and by which compiler
    compiled_revision bigint      not null default 0,
    compiler_version  integer     not null default 0,
    -- SHA-256 of the sorted keys in unit_read, so that equal reads cost no row
    reads_hash        text        not null default '',
    primary key (cluster, namespace, service)
);
create index unit_due on unit (not_before) where dirty_revision > done_revision or resync or resyncing or continues;
create index unit_by_subject on unit (namespace, service);

create table unit_read (
    key       text not null,
    cluster   text not null,
    namespace text not null,
    service   text not null,
    primary key (key, cluster, namespace, service)
);
create index unit_read_by_unit on unit_read (cluster, namespace, service);

-- What a commit's validation read for units and placements that no worker has compiled since. Rows are only added, one
-- set a revision, so writers never wait for workers; a worker's recording at that revision or later takes them away.
create table validated_read (
    namespace text   not null,
    service   text   not null,
    cluster   text   not null,
    revision  bigint not null,
    key       text   not null,
    primary key (namespace, service, cluster, revision, key)
);
create index validated_read_by_key on validated_read (key);

-- What a unit last reported: conditions and diagnostics, and the generations of the resources that it saw.
create table unit_status (
    cluster     text        not null,
    namespace   text        not null,
    service     text        not null,
    revision    bigint      not null,
    generations jsonb       not null,
    conditions  jsonb       not null,
    diagnostics jsonb       not null,
    updated_at  timestamptz not null default now(),
    primary key (cluster, namespace, service)
);

-- What we have pushed. The primary key is the claim of an object by a unit: it belongs to one only.
create table inventory (
    cluster          text   not null,
    object_kind      text   not null,
    object_namespace text   not null,
    object_name      text   not null,
    namespace        text   not null,
    service          text   not null,
    -- null while an intent to create it is open
    uid              text,
    resource_version text,
    hash             text,
    -- SHA-256 of the fields that the API server says we own
    owned_hash       text,
    body             jsonb,
    awaits           jsonb  not null default '[]',
    revision         bigint not null default 0,
    -- an open intent: committed before the first call, cleared after the answer
    intent_fence     bigint,
    intent_hash      text,
    orphaned         boolean not null default false,
    -- how often in a row, without a quiet look in between, others had to be overruled, and when last
    forced           integer not null default 0,
    forced_at        timestamptz,
    primary key (cluster, object_kind, object_namespace, object_name)
);
create index inventory_by_unit on inventory (cluster, namespace, service);

-- A committed revision made a unit no longer yield an object. Nothing else ever causes a prune.
create table tombstone (
    cluster          text   not null,
    object_kind      text   not null,
    object_namespace text   not null,
    object_name      text   not null,
    uid              text   not null,
    revision         bigint not null,
    worked_off_at    timestamptz,
    primary key (cluster, object_kind, object_namespace, object_name, uid)
);

create table cluster_facts (
    cluster            text primary key,
    cluster_uid        text,
    kubernetes_version text,
    apis               jsonb,
    reachable          boolean     not null,
    message            text        not null default '',
    -- since when it is reachable, or not
    since              timestamptz not null default now(),
    checked_at         timestamptz not null default now()
);

create table token (
    sha256     bytea primary key,
    owner      text        not null,
    role       text        not null,
    -- where an operator gave it from, such as the bootstrap file: one token of a source holds at a time
    source     text,
    created_at timestamptz not null default now(),
    revoked_at timestamptz
);

-- Writes that need too many compilations to be answered at once. Its commit finishes a job in the same transaction.
create table job (
    id          uuid primary key,
    owner       text        not null,
    permissions text[]      not null,
    -- null: every namespace
    namespaces  text[],
    request     jsonb       not null,
    state       text        not null default 'Pending',
    revision    bigint,
    -- what became of each resource, or the problem
    result      jsonb,
    fence       bigint      not null default 0,
    lease_until timestamptz,
    created_at  timestamptz not null default now(),
    finished_at timestamptz
);
create index job_open on job (created_at) where finished_at is null;

create table audit_event (
    id             bigint generated always as identity primary key,
    at             timestamptz not null default clock_timestamp(),
    actor          text        not null,
    action         text        not null,
    target         text        not null,
    allowed        boolean     not null,
    remote_address text        not null,
    revision       bigint
);

create table idempotency_key (
    caller       text        not null,
    key          text        not null,
    request_hash bytea       not null,
    -- who does the work has until then, lest a process that died keep its key for a day
    lease_until  timestamptz not null default now() + interval '2 minutes',
    status       integer,
    content_type text,
    body         text,
    created_at   timestamptz not null default now(),
    primary key (caller, key)
);
create index idempotency_key_by_age on idempotency_key (created_at);
