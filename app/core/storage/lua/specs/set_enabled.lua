#!lua flags=allow-oom
-- specs/set_enabled: turns a job's firing on or off; runs that exist are not touched.
-- needs: specs, ledger
-- ARGV: job, '1' | '0', next slot or '', next score, version that the caller saw, actor, then where slots
-- passed while it was disabled: first, last, how many.
-- Keys built inside: job, jobs_enabled, schedule, ledger.
-- Returns OK | MISSING | CONFLICT.
local job, now = ARGV[1], now_ms()
local h = redis.call('HMGET', K.job .. job, 'version', 'seq', 'enabled')
if not h[1] then return 'MISSING' end
-- guard: test_enabling_an_older_version_is_a_conflict
if h[1] ~= ARGV[5] then return 'CONFLICT' end
-- guard: test_saves_are_told
if h[3] == ARGV[2] then return 'OK' end
redis.call('HSET', K.job .. job, 'enabled', ARGV[2], 'updated', now)
if ARGV[2] == '1' then
  redis.call('ZADD', K.jobs_enabled, h[2], job)
else
  redis.call('ZREM', K.jobs_enabled, job)
end
if ARGV[2] == '0' then
  redis.call('HSET', K.job .. job, 'off', now, 'off_by', ARGV[6])
else
  redis.call('HDEL', K.job .. job, 'off', 'off_by')
  -- guard: test_enabling_writes_off_the_slots_meanwhile
  if ARGV[7] then record_skipped(job, ARGV[7], ARGV[8], ARGV[9], 'disabled', nil, now) end
end
set_next_fire(job, ARGV[3], ARGV[4])
event(ARGV[2] == '1' and 'job.enabled' or 'job.disabled', job, '', h[2], h[1], '')
return 'OK'
