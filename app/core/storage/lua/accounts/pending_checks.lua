#!lua flags=allow-oom
-- accounts/pending_checks: Reads the checks of an account that a caller waits for. They stay until they are
-- answered.
-- ARGV: account, max_checks
-- Keys built inside: checks.
-- Returns the checks.
local waiting = redis.call('ZRANGE', K.checks .. account, 0, max_checks - 1)
if #waiting == 0 then return waiting end
redis.call('ZREMRANGEBYSCORE', K.checks .. account, '-inf', now_ms())
return redis.call('ZRANGE', K.checks .. account, 0, max_checks - 1)
