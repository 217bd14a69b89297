#!lua flags=allow-oom
-- deployment/store_memory: keeps the last estimate of this deployment's memory.
-- ARGV: fields and values of the estimate.
-- Keys built inside: memory.
-- Returns OK.
redis.call('HSET', K.memory, unpack(ARGV))
return 'OK'
