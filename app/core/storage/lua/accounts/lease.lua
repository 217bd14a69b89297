#!lua flags=allow-oom
-- accounts/lease: makes one connector the only one that serves an account, for as long as it says so.
-- ARGV: account, owner, lease_ms, take | give.
-- Keys built inside: account_lease.
-- Returns YES | NO | GIVEN.
local key, owner = K.account_lease .. ARGV[1], ARGV[2]
local holder = redis.call('GET', key)
if ARGV[4] == 'give' then
  -- guard: test_a_lease_of_another_connector_is_not_given_back
  if holder ~= owner then return 'NO' end
  redis.call('DEL', key)
  return 'GIVEN'
end
-- guard: test_an_account_has_one_connector_at_a_time
if holder and holder ~= owner then return 'NO' end
redis.call('SET', key, owner, 'PX', ARGV[3])
return 'YES'
