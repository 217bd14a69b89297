#!lua flags=allow-oom
-- deployment/confirm_write: The write that WAIT and WAITAOF wait for, because both look at the last write of
-- their own connection. It stores the known replicas of the master, for processes that start later. Sent
-- again it stores the same.
-- ARGV: replicas
--   replicas: `<replication id> <address>=<last seen, ms> …`.
-- Keys built inside: meta.
-- Returns the text that was stored before, or false.
local before = redis.call('HGET', K.meta, 'replicas')
redis.call('HSET', K.meta, 'replicas', replicas)
return before
