#!lua
-- schedule/due: Reads the jobs whose next fire has come. Reading claims nothing. A job whose record can't be
-- read is postponed by an hour, so that it hides no other. During a restore nothing is due.
-- needs: lanes, claims/restore_lock
-- ARGV: page_size
-- Keys built inside: schedule, job, restore_lock, quarantine.
-- Returns {now, next fire or '', {job, version, score, slot}*}.
local now, jobs = now_ms(), {}
-- guard: test_a_restore_holds_firing
if is_restoring() then return {now, '', jobs} end
local due = redis.call('ZRANGEBYSCORE', K.schedule, '-inf', now, 'WITHSCORES', 'LIMIT', 0, page_size)

local function read_due(job, score)
  local h = redis.call('HMGET', K.job .. job, 'version', 'slot')
  jobs[#jobs + 1] = {job, h[1] or '0', score, h[2] or '0'}
end

for i = 1, #due, 2 do
  if guarded(due[i], read_due, due[i], due[i + 1]) == 'ERROR' then
    redis.call('ZADD', K.schedule, 'XX', now + 3600000, due[i])
  end
end
local later = redis.call('ZRANGEBYSCORE', K.schedule, '(' .. string.format('%d', now), '+inf', 'WITHSCORES',
  'LIMIT', 0, 1)[2]
return {now, later or '', jobs}
