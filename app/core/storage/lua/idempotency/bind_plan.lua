#!lua
-- idempotency/bind_plan: Binds an idempotency key to the plan that it executes, once. Both are kept for a
-- day.
-- ARGV: scope, body_hash, plan_id, plan
--   plan_id: '' to read only; plan: JSON.
-- Keys built inside: idempotency, plan.
-- Returns {OK | REPLAY | MISMATCH | UNKNOWN, the plan}.
local DAY, key = 86400, K.idempotency .. scope
local known = redis.call('HMGET', key, 'body', 'plan')
-- guard: test_execute_key_with_another_body_is_refused
if known[1] and known[1] ~= body_hash then return {'MISMATCH', ''} end
local stored = known[2] and redis.call('GET', K.plan .. known[2])
-- guard: test_bound_plan_stays_the_one_of_the_key
if stored then return {'REPLAY', stored} end
if plan_id == '' then return {'UNKNOWN', ''} end
redis.call('HSET', key, 'body', body_hash, 'plan', plan_id)
redis.call('EXPIRE', key, DAY)
redis.call('SET', K.plan .. plan_id, plan, 'EX', DAY)
return {'OK', plan}
