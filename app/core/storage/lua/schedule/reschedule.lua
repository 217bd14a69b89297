#!lua
-- schedule/reschedule: Sets a job's next fire again, unless another process has changed it meanwhile.
-- needs: ledger
-- ARGV: job, version, score, next_slot, next_score, first?, last?, slots?, reason?
--   score: the one that the caller saw; first, last, slots, reason: slots that are left out.
-- Keys built inside: job, schedule, ledger.
-- Returns OK | LOST.
-- guard: test_reschedule_yields_to_a_newer_save
if tonumber(redis.call('ZSCORE', K.schedule, job) or -1) ~= tonumber(score) then return 'LOST' end
-- guard: test_reschedule_yields_to_a_newer_save
if redis.call('HGET', K.job .. job, 'version') ~= version then return 'LOST' end
if next_slot == '' then
  redis.call('ZREM', K.schedule, job)
  redis.call('HDEL', K.job .. job, 'slot')
else
  redis.call('ZADD', K.schedule, next_score, job)
  redis.call('HSET', K.job .. job, 'slot', next_slot)
end
if first then record_skipped(job, first, last, slots, reason, nil, now_ms()) end
return 'OK'
