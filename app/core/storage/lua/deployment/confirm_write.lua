#!lua flags=allow-oom
-- deployment/confirm_write: the write that WAIT and WAITAOF wait for; both look at the last write of their
-- own connection. Sent twice it stores the same. It stores the known replicas of the master, for processes
-- that start later.
-- ARGV: `<replication id> <address>=<when it was seen last, ms> …`.
-- Keys built inside: meta.
-- Returns the text that was stored before, or false.
local before = redis.call('HGET', K.meta, 'replicas')
redis.call('HSET', K.meta, 'replicas', ARGV[1])
return before
