#!lua
-- monitors/issue_token: Gives a job its ping token, or another one.
-- needs: heartbeats, access
-- ARGV: job, digest, sealed, replaces
--   replaces: the digest of the token that it replaces, or '' if it has none.
-- Keys built inside: awake, ping_jobs, ping_tokens, ping, pings_due, job, monitor, monitors, secret_key.
-- Returns OK | CHANGED | MISSING. CHANGED: the job's token or the sealing key is another one now.
local heart = heartbeat_job(job)
-- guard: test_a_job_of_another_type_has_no_ping_url
if not heart then return 'MISSING' end
-- guard: test_two_first_calls_make_one_token
if (redis.call('HGET', K.ping .. job, 'digest') or '') ~= replaces then return 'CHANGED' end
-- guard: test_a_token_sealed_by_a_replaced_key_is_not_stored
if sealed_by_other_key(sealed) then return 'CHANGED' end
-- guard: test_a_rotated_token_is_not_found
if replaces ~= '' then redis.call('HDEL', K.ping_jobs, replaces) end
redis.call('HSET', K.ping .. job, 'digest', digest)
redis.call('HSET', K.ping_jobs, digest, job)
redis.call('HSET', K.ping_tokens, job, sealed)
await_first_ping(job, heart, now_ms())
return 'OK'
