-- What is live, as the watches see it. One replica holds the watches of a cluster, by a lease; what it writes is fenced.

create table watch_holder (
    cluster     text primary key,
    -- null: nobody, because the last one stopped
    holder      text,
    fence       bigint      not null,
    lease_until timestamptz not null
);

-- Kinds of which the holder has seen every object, and every change since. Rows of a former holder mean nothing.
create table followed_kind (
    cluster     text   not null,
    object_kind text   not null,
    fence       bigint not null,
    primary key (cluster, object_kind)
);

-- Objects of the inventory that were seen to differ from what was pushed last, or to be gone. One that agrees has no row.
create table sighting (
    cluster          text        not null,
    object_kind      text        not null,
    object_namespace text        not null,
    object_name      text        not null,
    -- null: it was not there
    uid              text,
    resource_version text        not null,
    seen_at          timestamptz not null default now(),
    primary key (cluster, object_kind, object_namespace, object_name)
);
