#!lua flags=allow-oom
-- deployment/store_cursor: stores the progress of a house-keeping round, also in a full Redis, which needs
-- house-keeping.
-- ARGV: field of meta, value.
-- Keys built inside: meta.
-- Returns OK.
redis.call('HSET', K.meta, ARGV[1], ARGV[2])
return 'OK'
