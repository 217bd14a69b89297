#!lua
-- restore/set_next_fire: Sets the next fire of restored jobs that have none.
-- needs: restore, specs
-- ARGV: mode, owner
-- ITEM: job, version, slot, score
-- Keys built inside: restore_lock, job, schedule.
-- Returns for each ARMED | LEFT | ERROR, or LOST.
local function arm(at)
  local job = ARGV[at + ITEM.job]
  local h = redis.call('HMGET', K.job .. job, 'version', 'enabled')
  -- guard: test_a_job_that_was_changed_is_not_armed
  if h[1] ~= ARGV[at + ITEM.version] or h[2] ~= '1' then return 'LEFT' end
  -- guard: test_a_next_fire_that_is_set_stays
  if redis.call('ZSCORE', K.schedule, job) then return 'LEFT' end
  set_next_fire(job, ARGV[at + ITEM.slot], ARGV[at + ITEM.score])
  return 'ARMED'
end

if lock_is_lost() then return 'LOST' end
return each_item(arm)
