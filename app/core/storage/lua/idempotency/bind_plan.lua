#!lua
-- idempotency/bind_plan: ties an idempotency key to the plan that it executes, once; both are kept a day.
-- ARGV: scope of the key, hash of the body, plan id or '' to ask only, plan JSON.
-- Keys built inside: idempotency, plan.
-- Returns {OK | REPLAY | MISMATCH | UNKNOWN, the plan}.
local DAY, key = 86400, K.idempotency .. ARGV[1]
local known = redis.call('HMGET', key, 'body', 'plan')
-- guard: test_execute_key_with_another_body_is_refused
if known[1] and known[1] ~= ARGV[2] then return {'MISMATCH', ''} end
local plan = known[2] and redis.call('GET', K.plan .. known[2])
-- guard: test_bound_plan_stays_the_one_of_the_key
if plan then return {'REPLAY', plan} end
if ARGV[3] == '' then return {'UNKNOWN', ''} end
redis.call('HSET', key, 'body', ARGV[2], 'plan', ARGV[3])
redis.call('EXPIRE', key, DAY)
redis.call('SET', K.plan .. ARGV[3], ARGV[4], 'EX', DAY)
return {'OK', ARGV[4]}
