#!lua
-- deployment/probe_write: A write that Redis refuses if it refuses new runs: full memory or disk, a replica,
-- too few replicas.
-- ARGV: none.
-- Keys built inside: meta.
-- Returns OK.
redis.call('HSET', K.meta, 'probed', text(now_ms()))
return 'OK'
