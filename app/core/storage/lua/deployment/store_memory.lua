#!lua flags=allow-oom
-- deployment/store_memory: Stores the last estimate of this deployment's memory.
-- ARGV: none.
-- ROW: field, value
-- Keys built inside: memory.
-- Returns OK.
redis.call('HSET', K.memory, unpack(ARGV))
return 'OK'
