-- Under which accounts a service's pods on a cluster may run: from before the push that changes it until the break after it.
-- Whoever lets the service in lets in all of them. Not declared, so a change is no revision.
create table account_in_use (
    cluster   text   not null,
    namespace text   not null,
    service   text   not null,
    account   text   not null,
    -- the newest snapshot with which the account was wanted
    revision  bigint not null,
    primary key (namespace, service, cluster, account)
);
