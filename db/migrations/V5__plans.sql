-- Jobs of several kinds: whoever can do one claims it. Those that need a live cluster are done by reconcile.
alter table job add column task text not null default 'ChangeSet';
drop index job_open;
create index job_open on job (task, created_at) where finished_at is null;
