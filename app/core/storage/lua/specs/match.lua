#!lua flags=no-writes
-- specs/match: the stored jobs about each of some targets, oldest first, and which of some ids are taken.
-- ARGV: how many targets, the targets (job_target.py), ids.
-- Keys built inside: jobs_target, job.
-- Returns {for each target the hashes of its jobs, 20 at most; for each id 1 or 0}.
local MOST, matches, taken = 20, {}, {}
local wanted = tonumber(ARGV[1])
for i = 1, wanted do
  local found = {}
  for _, job in ipairs(redis.call('ZRANGE', K.jobs_target .. ARGV[1 + i], 0, MOST - 1)) do
    -- A damaged job is nobody's match.
    local ok, hash = pcall(redis.call, 'HGETALL', K.job .. job)
    if ok and #hash > 0 then found[#found + 1] = hash end
  end
  matches[i] = found
end
for i = wanted + 2, #ARGV do taken[#taken + 1] = redis.call('EXISTS', K.job .. ARGV[i]) end
return {matches, taken}
