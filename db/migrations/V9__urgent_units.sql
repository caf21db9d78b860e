-- What somebody changed just now comes before what changed in bulk and what is only compared again: two queues,
-- each in the order in which it is claimed.
alter table unit add column urgent boolean not null default false;
drop index unit_due;
create index unit_due on unit (urgent, not_before, service, namespace, cluster)
    where dirty_revision > done_revision or resync or resyncing or continues;
