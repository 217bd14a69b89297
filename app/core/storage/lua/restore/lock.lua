#!lua
-- restore/lock: Makes one restore the only one, and holds firing until the lock expires.
-- needs: claims/holder
-- ARGV: owner, lock_ms, action
--   action: take | give.
-- Keys built inside: restore_lock.
-- Returns YES | NO | GIVEN.
-- guard: test_one_restore_at_a_time
if is_claimed(K.restore_lock, owner, lock_ms) then return 'NO' end
if action == 'give' then
  redis.call('DEL', K.restore_lock)
  redis.call('PUBLISH', K.wake, 'schedule')
  return 'GIVEN'
end
redis.call('SET', K.restore_lock, owner, 'PX', lock_ms)
return 'YES'
