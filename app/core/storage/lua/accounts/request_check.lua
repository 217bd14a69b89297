#!lua
-- accounts/request_check: Asks the connector of an account for a real call to the channel.
-- ARGV: account, check, timeout_ms, is_builtin
--   timeout_ms: how long the caller waits; is_builtin: '1' if the account needs no record.
-- Keys built inside: account, checks, notify.
-- Returns OK | NO_ACCOUNT | DISABLED.
local now, enabled = now_ms(), redis.call('HGET', K.account .. account, 'enabled')
if is_builtin ~= '1' and not enabled then return 'NO_ACCOUNT' end
if enabled == '0' then return 'DISABLED' end
redis.call('ZADD', K.checks .. account, now + timeout_ms, check)
redis.call('PEXPIRE', K.checks .. account, 120000)
redis.call('PUBLISH', K.notify, 'mail ' .. account)
return 'OK'
