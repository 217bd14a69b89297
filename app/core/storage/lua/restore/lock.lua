#!lua
-- restore/lock: makes one restore the only one, and holds firing for as long as it says so.
-- ARGV: owner, for how long (ms), take | give.
-- Keys built inside: restore_lock.
-- Returns YES | NO | GIVEN.
local holder = redis.call('GET', K.restore_lock)
-- guard: test_one_restore_at_a_time
if holder and holder ~= ARGV[1] then return 'NO' end
if ARGV[3] == 'give' then
  redis.call('DEL', K.restore_lock)
  redis.call('PUBLISH', K.wake, 'schedule')
  return 'GIVEN'
end
redis.call('SET', K.restore_lock, ARGV[1], 'PX', ARGV[2])
return 'YES'
