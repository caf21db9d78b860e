-- How far services with a backup are on the way to it, or back: one row for each failover policy that names one.
create table backup_state (
    namespace   text        not null,
    service     text        not null,
    phase       text        not null,
    since       timestamptz not null,
    -- when it was last known whether an endpoint is ready
    known_at    timestamptz,
    switched_at timestamptz,
    flaps       integer     not null default 0,
    -- what the last look found
    seen        text        not null default 'Unknown',
    message     text        not null default '',
    looked_at   timestamptz,
    -- whoever looks moves it, so that one looks at a time; what comes of an older look is not kept
    next_at     timestamptz not null default now(),
    fence       bigint      not null default 0,
    primary key (namespace, service)
);
create index backup_state_due on backup_state (next_at);
create index resource_with_backup on resource (namespace, (spec ->> 'service'))
    where kind = 'FailoverPolicy' and jsonb_typeof(spec -> 'backup') = 'object';
