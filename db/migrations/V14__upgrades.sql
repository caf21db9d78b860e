-- Compilers by their version: since when each may push, and what one that may not yet would change.
create table compiler (
    version     integer primary key,
    -- null: it waits until an operator has seen what it would change
    leads_since timestamptz,
    released_by text,
    -- whoever looks moves it, so that one of several replicas looks at a time
    looked_at   timestamptz,
    -- what was found, and its hash
    preview     jsonb,
    digest      text,
    checked_at  timestamptz
);
