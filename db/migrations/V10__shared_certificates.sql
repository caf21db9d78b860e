-- Services that are exposed with one certificate are found by it. What is stored so far gets the key, too.
insert into index_entry (key, kind, namespace, name)
select 'credential=' || namespace || '/' || (spec->'exposure'->>'gateway') || '/' || (spec->'exposure'->'tls'->>'credentialName'),
       kind, namespace, name
  from resource
 where kind = 'Service' and spec->'exposure'->'tls'->>'credentialName' is not null;
