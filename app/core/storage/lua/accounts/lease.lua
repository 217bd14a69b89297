#!lua flags=allow-oom
-- accounts/lease: Makes one connector the only one that serves an account, until its lease expires.
-- needs: claims/holder
-- ARGV: account, owner, lease_ms, action
--   action: take | give.
-- Keys built inside: account_lease.
-- Returns YES | NO | GIVEN.
local key = K.account_lease .. account
if action == 'give' then
  -- guard: test_a_lease_of_another_connector_is_not_given_back
  if redis.call('GET', key) ~= owner then return 'NO' end
  redis.call('DEL', key)
  return 'GIVEN'
end
local holder = holder_of(key, lease_ms)
-- guard: test_an_account_has_one_connector_at_a_time
if holder and holder ~= owner then return 'NO' end
redis.call('SET', key, owner, 'PX', lease_ms)
return 'YES'
