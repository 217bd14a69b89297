#!lua flags=allow-oom
-- deployment/store_cursor: Stores the progress of a maintenance task, also if Redis is full, because
-- maintenance frees memory.
-- ARGV: field, value
--   field: of `meta`.
-- Keys built inside: meta.
-- Returns OK.
redis.call('HSET', K.meta, field, value)
return 'OK'
