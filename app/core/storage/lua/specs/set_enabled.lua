#!lua flags=allow-oom
-- specs/set_enabled: Turns a job's firing on or off. Existing runs are not changed.
-- needs: specs, ledger
-- ARGV: job, enabled, next_slot, next_score, version, actor, first?, last?, slots?
--   enabled: '1' | '0'; version: the one that the caller saw; first, last, slots: slots that passed
--   meanwhile.
-- Keys built inside: job, jobs_enabled, schedule, ledger.
-- Returns OK | MISSING | CONFLICT.
local now = now_ms()
local h = redis.call('HMGET', K.job .. job, 'version', 'seq', 'enabled')
if not h[1] then return 'MISSING' end
-- guard: test_enabling_an_older_version_is_a_conflict
if h[1] ~= version then return 'CONFLICT' end
-- guard: test_saves_are_reported
if h[3] == enabled then return 'OK' end
redis.call('HSET', K.job .. job, 'enabled', enabled, 'updated', now)
if enabled == '1' then
  redis.call('ZADD', K.jobs_enabled, h[2], job)
else
  redis.call('ZREM', K.jobs_enabled, job)
end
if enabled == '0' then
  redis.call('HSET', K.job .. job, 'off', now, 'off_by', actor)
else
  redis.call('HDEL', K.job .. job, 'off', 'off_by')
  -- guard: test_enabling_writes_off_the_slots_meanwhile
  if first then record_skipped(job, first, last, slots, 'disabled', nil, now) end
end
set_next_fire(job, next_slot, next_score)
event(enabled == '1' and 'job.enabled' or 'job.disabled', job, '', h[2], h[1], '')
return 'OK'
