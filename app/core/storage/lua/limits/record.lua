#!lua flags=allow-oom
-- limits/record: Notes, in the first shard, that a shard uses no more of a limit than an amount.
-- ARGV: name, shard, amount, version
--   amount: the larger one of its share and its use, as they were at this version of its share.
-- Keys built inside: limit_grants.
-- Returns OK | STALE.
local number, made = (redis.call('HGET', K.limit_grants .. name, shard) or '0|-1'):match('^(%d+)|(-?%d+)$')
local is_newer = tonumber(version) > tonumber(made)
local is_less = version == made and tonumber(amount) < tonumber(number)
-- guard: test_a_late_record_takes_no_grant_away
if not is_newer and not is_less then return 'STALE' end
redis.call('HSET', K.limit_grants .. name, shard, amount .. '|' .. version)
return 'OK'
