#!lua
-- due: jobs whose next fire has come; nothing is claimed by reading.
-- ARGV: how many at most.
-- Keys built inside: schedule, job.
-- Returns {now, next fire or '', {job, version, score, slot}*}.
local now, jobs = now_ms(), {}
local due = redis.call('ZRANGEBYSCORE', K.schedule, '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
for i = 1, #due, 2 do
  local h = redis.call('HMGET', K.job .. due[i], 'version', 'slot')
  jobs[#jobs + 1] = {due[i], h[1] or '0', due[i + 1], h[2] or '0'}
end
local later = redis.call('ZRANGEBYSCORE', K.schedule, '(' .. string.format('%d', now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
return {now, later or '', jobs}
