#!lua flags=no-writes
-- runs/recent: the newest runs of some jobs, in short.
-- ARGV: how many of each, then jobs.
-- Keys built inside: runs_job, run.
-- Returns for each job {run, status, started, ended}*; one that vanished or is damaged is left out.
local answers = {}

for i = 2, #ARGV do
  local runs = {}
  for _, run in ipairs(redis.call('ZREVRANGE', K.runs_job .. ARGV[i], 0, ARGV[1] - 1)) do
    local ok, h = pcall(redis.call, 'HMGET', K.run .. run, 'started', 'ended', 'status')
    if ok and h[3] then runs[#runs + 1] = {run, h[3], h[1] or '', h[2] or ''} end
  end
  answers[i - 1] = runs
end
return answers
