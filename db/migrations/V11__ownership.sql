-- What somebody decided to take over: this live object, and of what others have these fields. Whoever pushes the unit
-- does it. It says nothing about another object of the name, and nothing after it has expired.
create table adoption (
    cluster          text        not null,
    object_kind      text        not null,
    object_namespace text        not null,
    object_name      text        not null,
    namespace        text        not null,
    service          text        not null,
    uid              text        not null,
    fields           jsonb       not null,
    adopted_by       text        not null,
    expires_at       timestamptz not null default now() + interval '1 hour',
    primary key (cluster, object_kind, object_namespace, object_name)
);
create index adoption_by_unit on adoption (cluster, namespace, service);
create index adoption_by_age on adoption (expires_at);
