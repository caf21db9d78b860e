-- The fields of an object that the API server keeps otherwise than they were sent, as [{path, removed}, …]; null where
-- there are none, as almost everywhere. A replica of the version before writes and reads none of it.
alter table inventory add column rewritten jsonb;
