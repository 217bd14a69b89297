#!lua flags=allow-oom
-- account_lease: makes one connector the only one that serves an account, for as long as it says so.
-- ARGV: account, owner, lease_ms, take | give.
-- Keys built inside: account_lease.
-- Returns YES | NO | GIVEN.
local key, owner = K.account_lease .. ARGV[1], ARGV[2]
local holder = redis.call('GET', key)
if ARGV[4] == 'give' then
  if holder ~= owner then return 'NO' end -- guard: test_a_lease_of_another_connector_is_not_given_back
  redis.call('DEL', key)
  return 'GIVEN'
end
if holder and holder ~= owner then return 'NO' end -- guard: test_an_account_has_one_connector_at_a_time
redis.call('SET', key, owner, 'PX', ARGV[3])
return 'YES'
