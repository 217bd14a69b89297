#!lua
-- restore/lock: Makes one restore the only one, and holds firing until the lock expires.
-- needs: claims/holder
-- ARGV: owner, lock_ms, action
--   action: take | give.
-- Keys built inside: restore_lock.
-- Returns YES | NO | GIVEN.
local holder = holder_of(K.restore_lock, lock_ms)
-- guard: test_one_restore_at_a_time
if holder and holder ~= owner then return 'NO' end
if action == 'give' then
  redis.call('DEL', K.restore_lock)
  redis.call('PUBLISH', K.wake, 'schedule')
  return 'GIVEN'
end
redis.call('SET', K.restore_lock, owner, 'PX', lock_ms)
return 'YES'
