#!lua flags=no-writes
-- specs/candidates: Reads the jobs of a part of an index that contain one of some texts, newest first.
-- ARGV: index_name, before_score, offset, max_looked, max_jobs
--   index_name: all | type:<type>; before_score: '+inf' at first.
-- ROW: value
--   Texts in lower case, one of which is in the id or in the spec of a job. Without texts every job fits.
-- Keys built inside: jobs, jobs_type, job, pauses.
-- Returns {how many were looked at, seq of the last or '', how many fit, {the hash of a job}*, {1 or 0: it is
-- paused}*}; of those that fit `max_jobs` at most.
local kind, name = index_name:match('^(%a+):?(.*)$')
local index = kind == 'type' and K.jobs_type .. name or K.jobs
local page = redis.call('ZREVRANGEBYSCORE', index, before_score, '-inf', 'WITHSCORES',
  'LIMIT', offset, max_looked)
local jobs, paused, fitting, most = {}, {}, 0, tonumber(max_jobs)

local function fits(job, spec)
  if ROW.start > #ARGV - 1 then return true end
  local text = (job .. ' ' .. spec):lower()
  for at = ROW.start, #ARGV - 1, ROW.width do
    if text:find(ARGV[at + ROW.value], 1, true) then return true end
  end
  return false
end

for i = 1, #page, 2 do
  -- A record that is gone or damaged is no job.
  local ok, spec = pcall(redis.call, 'HGET', K.job .. page[i], 'spec')
  if ok and spec and fits(page[i], spec) then
    fitting = fitting + 1
    if fitting <= most then
      jobs[#jobs + 1] = redis.call('HGETALL', K.job .. page[i])
      paused[#paused + 1] = redis.call('HEXISTS', K.pauses, 'job:' .. page[i])
    end
  end
end
return {#page / 2, page[#page] or '', fitting, jobs, paused}
