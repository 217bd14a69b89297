#!lua flags=allow-oom
-- accounts/set_state: Stores if an account is up or down. Only the connector that serves it may do so; a
-- change is one event.
-- needs: events
-- ARGV: account, owner, state, data
--   state: up | down; data: of the event, JSON.
-- Keys built inside: account_lease, account_state.
-- Returns CHANGED | SAME | LOST.
local DAY = 86400000
local key = K.account_state .. account
-- guard: test_a_state_of_another_connector_is_refused
if redis.call('GET', K.account_lease .. account) ~= owner then return 'LOST' end
local before = redis.call('GET', key)
redis.call('SET', key, state, 'PX', DAY)
-- guard: test_a_change_of_state_is_reported_once
if before == state then return 'SAME' end
event('account.' .. state, '', '', 0, 0, data)
return 'CHANGED'
