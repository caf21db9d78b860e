-- The trace in which a revision was committed, as W3C traceparent, for the pushes that it causes; null where none was on.
alter table revision add column traceparent text;
