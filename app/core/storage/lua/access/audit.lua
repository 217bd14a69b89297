#!lua flags=allow-oom
-- access/audit: Stores an act of a person, done or refused. Sent again it stores nothing, because an entry
-- holds its own id.
-- needs: shards/seqs
-- ARGV: log, entry, max_entries, lost
--   log: done | refused; entry: JSON; lost: how many acts before this one were lost.
-- Keys built inside: audit, seq, metrics.
-- Returns OK | SAME.
local stored = K.audit .. log
-- guard: test_audit_entry_sent_again_is_stored_once
if redis.call('ZSCORE', stored, entry) then return 'SAME' end
redis.call('ZADD', stored, (next_seq()), entry)
redis.call('ZREMRANGEBYRANK', stored, 0, -(tonumber(max_entries) + 1))
if lost ~= '0' then redis.call('HINCRBY', K.metrics, 'audit_lost', lost) end
return 'OK'
