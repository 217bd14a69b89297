#!lua flags=allow-oom
-- keep_cursor: keeps how far a round of house-keeping has come; a full Redis needs the rest of it most.
-- ARGV: field of meta, value.
-- Keys built inside: meta.
-- Returns OK.
redis.call('HSET', K.meta, ARGV[1], ARGV[2])
return 'OK'
