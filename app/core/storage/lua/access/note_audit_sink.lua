#!lua flags=allow-oom
-- access/note_audit_sink: Counts audit entries that AUDIT_SINK did not take, and keeps the last failure. Sent
-- again it counts nothing.
-- ARGV: failure, lost
--   failure: JSON with an id.
-- Keys built inside: audit_heads, metrics.
-- Returns OK | SAME.
-- guard: test_failure_of_the_sink_sent_again_counts_once
if redis.call('HGET', K.audit_heads, 'sink') == failure then return 'SAME' end
redis.call('HSET', K.audit_heads, 'sink', failure)
redis.call('HINCRBY', K.metrics, 'audit_sink_lost', lost)
return 'OK'
