#!lua
-- schedule/reschedule: Sets a job's next fire again, unless another process has changed it meanwhile.
-- needs: specs, ledger
-- ARGV: job, version, score, next_slot, next_score, first?, last?, slots?, reason?
--   score: the one that the caller saw; first, last, slots, reason: slots that are left out.
-- Keys built inside: job, schedule, ledger.
-- Returns OK | LOST.
-- guard: test_reschedule_yields_to_a_newer_save
if tonumber(redis.call('ZSCORE', K.schedule, job) or -1) ~= tonumber(score) then return 'LOST' end
-- guard: test_reschedule_yields_to_a_newer_save
if redis.call('HGET', K.job .. job, 'version') ~= version then return 'LOST' end
store_next_fire(job, next_slot, next_score)
if first then record_skipped(job, first, last, slots, reason, nil, now_ms()) end
return 'OK'
