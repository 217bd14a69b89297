#!lua flags=no-writes
-- runs/recent: Reads the newest runs of some jobs, in short.
-- ARGV: per_job
-- ROW: job
-- Keys built inside: runs_job, run.
-- Returns for each job {run, status, started, ended}*. A run that is gone or damaged is left out.
local answers = {}

local function runs_of(job)
  local runs = {}
  for _, run in ipairs(redis.call('ZREVRANGE', K.runs_job .. job, 0, per_job - 1)) do
    local ok, h = pcall(redis.call, 'HMGET', K.run .. run, 'started', 'ended', 'status')
    if ok and h[3] then runs[#runs + 1] = {run, h[3], h[1] or '', h[2] or ''} end
  end
  return runs
end

for at = ROW.start, #ARGV - 1 do answers[#answers + 1] = runs_of(ARGV[at + ROW.job]) end
return answers
