-- When a unit was claimed last: one that changes again while it is pushed is claimed again a moment after that, not after
-- the push has ended, however long it took.
alter table unit add column claimed_at timestamptz;
