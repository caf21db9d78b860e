-- When the first of the leases that a unit was pushed under ends by itself: it is due then, though nothing was declared anew.
alter table unit add column lease_ends_at timestamptz;
create index unit_lease_ends on unit (lease_ends_at) where lease_ends_at is not null;
