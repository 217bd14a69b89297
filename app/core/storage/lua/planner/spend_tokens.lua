#!lua
-- planner/spend_tokens: Reserves tokens of a day's budget for one call of a model, or replaces the
-- reservation by the tokens that the call used. Safe to send again.
-- ARGV: day, call, tokens, limit, used
--   limit: most tokens of the day, 0 for no limit; used: '1' if the call has ended, else ''.
-- Keys built inside: planner_tokens, metrics.
-- Returns {OK | USED_UP, the tokens of the day}.
local key, mark = K.planner_tokens .. day, used == '1' and 'u' or 'r'
local known = redis.call('HGET', key, call)
local before = known and tonumber(known:sub(2)) or 0
local total = tonumber(redis.call('HGET', key, 'total') or 0)
local after = total - before + tonumber(tokens)
-- guard: test_a_call_beyond_the_budget_is_refused
if mark == 'r' and tonumber(limit) > 0 and after > tonumber(limit) then return {'USED_UP', total} end
-- guard: test_a_call_counts_once_in_the_metric
if mark == 'u' and not (known and known:sub(1, 1) == 'u') then
  redis.call('HINCRBY', K.metrics, 'planner_tokens', tokens)
end
redis.call('HSET', key, 'total', after, call, mark .. tokens)
redis.call('EXPIRE', key, 172800)
return {'OK', after}
