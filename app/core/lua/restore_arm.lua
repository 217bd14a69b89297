#!lua
-- restore_arm: sets the next fire of restored jobs, where none is set.
-- needs: restore, jobs
-- ARGV: mode, owner, then for each: how many values follow, job, version, next slot, next score.
-- Keys built inside: restore_lock, job, schedule.
-- Returns for each ARMED | LEFT | ERROR, or LOST.
local function arm(first)
  local job = ARGV[first]
  local h = redis.call('HMGET', K.job .. job, 'version', 'enabled')
  if h[1] ~= ARGV[first + 1] or h[2] ~= '1' then return 'LEFT' end -- guard: test_a_job_that_was_changed_is_not_armed
  if redis.call('ZSCORE', K.schedule, job) then return 'LEFT' end -- guard: test_a_next_fire_that_is_set_stays
  set_fire(job, ARGV[first + 2], ARGV[first + 3])
  return 'ARMED'
end

if lost() then return 'LOST' end
return each_item(arm)
