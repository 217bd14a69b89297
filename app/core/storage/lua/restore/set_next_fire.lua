#!lua
-- restore/set_next_fire: sets the next fire of restored jobs, where none is set.
-- needs: restore, specs
-- ARGV: mode, owner, then for each: how many values follow, job, version, next slot, next score.
-- Keys built inside: restore_lock, job, schedule.
-- Returns for each ARMED | LEFT | ERROR, or LOST.
local function arm(first)
  local job = ARGV[first]
  local h = redis.call('HMGET', K.job .. job, 'version', 'enabled')
  -- guard: test_a_job_that_was_changed_is_not_armed
  if h[1] ~= ARGV[first + 1] or h[2] ~= '1' then return 'LEFT' end
  -- guard: test_a_next_fire_that_is_set_stays
  if redis.call('ZSCORE', K.schedule, job) then return 'LEFT' end
  set_next_fire(job, ARGV[first + 2], ARGV[first + 3])
  return 'ARMED'
end

if lock_is_lost() then return 'LOST' end
return each_item(arm)
