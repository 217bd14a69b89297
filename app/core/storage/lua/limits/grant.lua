#!lua flags=allow-oom
-- limits/grant: Notes, in the first shard, that a shard may use more of a limit: as much as the others leave.
-- ARGV: name, limit, shard, amount, version
--   amount: what the shard should have in all; version: the lowest one that the grant may get.
-- Keys built inside: limit_grants.
-- Returns {what the shard may use in all, version}. It never takes anything away.
local key, others, own, last = K.limit_grants .. name, 0, 0, 0
local flat = redis.call('HGETALL', key)
for i = 1, #flat, 2 do
  local number, made = flat[i + 1]:match('^(%d+)|(%d+)$')
  if flat[i] == shard then
    own, last = tonumber(number), tonumber(made)
  else
    others = others + tonumber(number)
  end
end
local granted, new = tonumber(amount), tonumber(version)
-- guard: test_grants_never_pass_the_limit
granted = math.min(granted, tonumber(limit) - others)
granted = math.max(own, granted)
-- guard: test_a_late_record_takes_no_grant_away
new = math.max(last + 1, new)
redis.call('HSET', key, shard, text(granted) .. '|' .. text(new))
return {granted, new}
