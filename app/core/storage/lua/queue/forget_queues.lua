#!lua
-- queue/forget_queues: Removes queues from the list of those that exist: no job names them, no live worker
-- serves them, no pause holds them, and their lanes are empty. Their lanes stay, because a worker may be
-- about to read them. A queue is listed again once a run, a job or a worker names it.
-- needs: lanes
-- ARGV: served
--   served: the queues that live workers serve, each between spaces.
-- Keys built inside: queues, jobs_queue, ready, pauses.
-- Returns how many were removed.
local function is_empty(queue)
  for _, priority in ipairs(OWN_LANES) do
    if redis.call('XLEN', K.ready .. queue .. ':' .. priority) > 0 then return false end
  end
  return true
end

local function is_used(queue)
  if served:find(' ' .. queue .. ' ', 1, true) then return true end
  -- guard: test_a_queue_that_a_job_names_stays
  if redis.call('EXISTS', K.jobs_queue .. queue) == 1 then return true end
  -- guard: test_a_paused_queue_stays
  if redis.call('HEXISTS', K.pauses, 'queue:' .. queue) == 1 then return true end
  return not is_empty(queue)
end

local removed = 0
for _, queue in ipairs(redis.call('SMEMBERS', K.queues)) do
  if not is_used(queue) then removed = removed + redis.call('SREM', K.queues, queue) end
end
return removed
