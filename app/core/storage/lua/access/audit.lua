#!lua flags=allow-oom
-- access/audit: keeps what somebody did or was refused; safe to send again, since an entry holds its own id.
-- ARGV: log ('done' | 'refused'), entry (JSON), how many the log keeps, how many were lost before it.
-- Keys built inside: audit, seq, metrics.
-- Returns OK | SAME.
local log = K.audit .. ARGV[1]
-- guard: test_audit_entry_sent_again_stands_once
if redis.call('ZSCORE', log, ARGV[2]) then return 'SAME' end
redis.call('ZADD', log, redis.call('INCR', K.seq), ARGV[2])
redis.call('ZREMRANGEBYRANK', log, 0, -(tonumber(ARGV[3]) + 1))
if ARGV[4] ~= '0' then redis.call('HINCRBY', K.metrics, 'audit_lost', ARGV[4]) end
return 'OK'
