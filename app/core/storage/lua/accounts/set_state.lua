#!lua flags=allow-oom
-- accounts/set_state: an account was found up or down; a change is told once, by the connector that serves
-- it.
-- needs: events
-- ARGV: account, owner, up | down, data of the event (JSON).
-- Keys built inside: account_lease, account_state.
-- Returns CHANGED | SAME | LOST.
local DAY = 86400000
local key = K.account_state .. ARGV[1]
-- guard: test_a_state_told_by_another_connector_is_refused
if redis.call('GET', K.account_lease .. ARGV[1]) ~= ARGV[2] then return 'LOST' end
local before = redis.call('GET', key)
redis.call('SET', key, ARGV[3], 'PX', DAY)
-- guard: test_a_change_of_state_is_told_once
if before == ARGV[3] then return 'SAME' end
event('account.' .. ARGV[3], '', '', 0, 0, ARGV[4])
return 'CHANGED'
