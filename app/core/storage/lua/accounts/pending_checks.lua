#!lua flags=allow-oom
-- accounts/pending_checks: the checks of an account that somebody waits for; they stay until they are
-- answered.
-- ARGV: account, how many at most.
-- Keys built inside: checks.
-- Returns the checks.
redis.call('ZREMRANGEBYSCORE', K.checks .. ARGV[1], '-inf', now_ms())
return redis.call('ZRANGE', K.checks .. ARGV[1], 0, ARGV[2] - 1)
