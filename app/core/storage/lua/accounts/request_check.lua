#!lua
-- accounts/request_check: asks the connector of an account for a real call.
-- ARGV: account, check, ms until nobody waits any more, '1' where the account needs no record.
-- Keys built inside: account, checks, bell.
-- Returns OK | NO_ACCOUNT | DISABLED.
local now, account, enabled = now_ms(), ARGV[1], redis.call('HGET', K.account .. ARGV[1], 'enabled')
if ARGV[4] ~= '1' and not enabled then return 'NO_ACCOUNT' end
if enabled == '0' then return 'DISABLED' end
redis.call('ZADD', K.checks .. account, now + ARGV[3], ARGV[2])
redis.call('PEXPIRE', K.checks .. account, 120000)
redis.call('PUBLISH', K.bell, 'mail ' .. account)
return 'OK'
