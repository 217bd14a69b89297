#!lua flags=allow-oom
-- confirm: the write that WAIT and WAITAOF wait for; both look at the last write of their own connection.
-- Sent twice it stores the same. It carries what is known of the master's replicas, for processes that come later.
-- ARGV: `<replication id> <address>=<when it was seen last, ms> …`.
-- Keys built inside: meta.
-- Returns what was stored before, false if nothing was.
local before = redis.call('HGET', K.meta, 'replicas')
redis.call('HSET', K.meta, 'replicas', ARGV[1])
return before
