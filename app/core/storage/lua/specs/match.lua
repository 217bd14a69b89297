#!lua flags=no-writes
-- specs/match: Reads the stored jobs about each of some targets, oldest first, and which of some ids exist.
-- ARGV: target_count
-- ROW: value
--   The targets (`target_of`) come first, then the ids.
-- Keys built inside: jobs_target, job.
-- Returns {for each target the hashes of its jobs, 20 at most; for each id 1 or 0}.
local MOST, matches, found = 20, {}, {}
local first_id = ROW.start + target_count

local function jobs_about(target)
  local jobs = {}
  for _, job in ipairs(redis.call('ZRANGE', K.jobs_target .. target, 0, MOST - 1)) do
    -- A damaged job matches nothing.
    local ok, hash = pcall(redis.call, 'HGETALL', K.job .. job)
    if ok and #hash > 0 then jobs[#jobs + 1] = hash end
  end
  return jobs
end

for at = ROW.start, first_id - 1 do matches[#matches + 1] = jobs_about(ARGV[at + ROW.value]) end
for at = first_id, #ARGV - 1 do found[#found + 1] = redis.call('EXISTS', K.job .. ARGV[at + ROW.value]) end
return {matches, found}
