#!lua flags=allow-oom
-- statistics/thin_value: Replaces a value that a job keeps by a shorter one with the same meaning. Its
-- lifetime stays.
-- ARGV: job, key, seen, value
-- Keys built inside: kv.
-- Returns OK | CHANGED (the job has written it meanwhile).
local name = K.kv .. job .. ':' .. key
-- guard: test_thinning_takes_back_nothing_that_a_job_wrote
if redis.call('GET', name) ~= seen then return 'CHANGED' end
redis.call('SET', name, value, 'KEEPTTL')
return 'OK'
