#!lua
-- access/restore_audit: Puts the staged entries of a restored audit log in its place, with their head.
-- ARGV: log, stage, seen, head
--   seen: the head as it was read, '' for none.
-- Keys built inside: audit_log, audit_heads.
-- Returns OK | SAME | CHANGED.
local stored = redis.call('HGET', K.audit_heads, log) or ''
-- guard: test_restored_audit_sent_again_changes_nothing
if stored == head then return 'SAME' end
-- guard: test_restored_audit_waits_for_a_writer
if stored ~= seen then return 'CHANGED' end
redis.call('DEL', K.audit_log .. log)
if redis.call('EXISTS', K.audit_log .. stage) == 1 then
  redis.call('RENAME', K.audit_log .. stage, K.audit_log .. log)
  redis.call('PERSIST', K.audit_log .. log)
end
redis.call('HSET', K.audit_heads, log, head)
return 'OK'
