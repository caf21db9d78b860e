-- What waits on one cluster, the longest waiting first: for those who ask what is stuck there.
create index unit_backlog on unit (cluster, not_before)
    where dirty_revision > done_revision or resync or resyncing or continues;
