#!lua
-- schedule/reschedule: sets a job's next fire anew, where nobody has changed it meanwhile.
-- needs: ledger
-- ARGV: job, version, expected score, next slot or '', next score, then where slots are left out: first,
-- last, how many, reason.
-- Keys built inside: job, schedule, ledger.
-- Returns OK | LOST.
local job = ARGV[1]
-- guard: test_reschedule_yields_to_a_newer_save
if tonumber(redis.call('ZSCORE', K.schedule, job) or -1) ~= tonumber(ARGV[3]) then return 'LOST' end
-- guard: test_reschedule_yields_to_a_newer_save
if redis.call('HGET', K.job .. job, 'version') ~= ARGV[2] then return 'LOST' end
if ARGV[4] == '' then
  redis.call('ZREM', K.schedule, job)
  redis.call('HDEL', K.job .. job, 'slot')
else
  redis.call('ZADD', K.schedule, ARGV[5], job)
  redis.call('HSET', K.job .. job, 'slot', ARGV[4])
end
if ARGV[6] then record_skipped(job, ARGV[6], ARGV[7], ARGV[8], ARGV[9], nil, now_ms()) end
return 'OK'
