#!lua flags=allow-oom
-- statistics/thin_value: replaces a value that a job keeps by a shorter one with the same meaning; its
-- lifetime stays.
-- ARGV: job, key, value that was read, shorter value.
-- Keys built inside: kv.
-- Returns OK | CHANGED (the job has written it meanwhile).
local name = K.kv .. ARGV[1] .. ':' .. ARGV[2]
-- guard: test_thinning_takes_back_nothing_that_a_job_wrote
if redis.call('GET', name) ~= ARGV[3] then return 'CHANGED' end
redis.call('SET', name, ARGV[4], 'KEEPTTL')
return 'OK'
