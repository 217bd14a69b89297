#!lua flags=allow-oom
-- accounts/set_state: Stores if an account is up or down, and opens or closes its incident. Only the
-- connector that serves it may do so; a change is one event.
-- needs: incidents
-- ARGV: account, owner, state, data, reason, refused
--   state: up | down; data: of the event, JSON; reason: why it is down, for people; refused: '1' if the
--   channel refused the account. Anything else may pass, so only the second check in a row opens an incident.
-- Keys built inside: account, account_lease, account_state.
-- Returns CHANGED | SAME | LOST.
local DAY = 86400000
local now, key = now_ms(), K.account_state .. account
-- guard: test_a_state_of_another_connector_is_refused
if redis.call('GET', K.account_lease .. account) ~= owner then return 'LOST' end
local before = redis.call('GET', key)
redis.call('SET', key, state, 'PX', DAY)

local function report_down()
  -- guard: test_a_check_of_a_deleted_account_opens_nothing
  if redis.call('HGET', K.account .. account, 'enabled') ~= '1' then return end
  -- guard: test_an_account_that_fails_one_check_is_no_incident
  if before ~= 'down' and refused ~= '1' then return end
  ensure_incident('account:' .. account, 'account', {kind = 'account_down', severity = 'critical',
    subject = account, cause = reason}, now)
end

if state == 'down' then report_down() end
-- guard: test_an_account_that_is_up_again_closes_its_incident
if state == 'up' then close_incident('account:' .. account, 'account', now) end
-- guard: test_a_change_of_state_is_reported_once
if before == state then return 'SAME' end
event('account.' .. state, '', '', 0, 0, data)
return 'CHANGED'
