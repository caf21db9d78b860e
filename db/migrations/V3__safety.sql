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
