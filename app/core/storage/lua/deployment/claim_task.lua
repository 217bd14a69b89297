#!lua flags=allow-oom
-- deployment/claim_task: Claims a task for one process for a limited time. The holder may renew or release
-- the claim.
-- needs: claims/holder
-- ARGV: task, owner, lifetime_ms
-- ROW: field, value
--   lifetime_ms: of a whole claim; 0 to release. Rows are fields of `meta`: the progress of the task.
-- Keys built inside: chore, meta.
-- Returns YES | NO.
local key = K.chore .. task
if lifetime_ms == '0' then
  -- guard: test_a_chore_that_is_given_back_is_free_at_once
  if redis.call('GET', key) == owner then redis.call('DEL', key) end
  return 'NO'
end
local holder = holder_of(key, lifetime_ms)
-- guard: test_a_chore_has_one_scheduler_at_a_time
if holder and holder ~= owner then return 'NO' end
redis.call('SET', key, owner, 'PX', lifetime_ms)
if #ARGV > ROW.start then redis.call('HSET', K.meta, unpack(ARGV, ROW.start + 1)) end
return 'YES'
