#!lua flags=allow-oom
-- idempotency/add_counts: adds the counts of a step to those of its bulk action; a step sent again counts
-- once.
-- ARGV: idempotency scope, cursor of the step or '', done, refused.
-- Keys built inside: idempotency.
-- Returns {done in all steps, refused in all steps}.
local key, step, parts = K.idempotency .. ARGV[1], 'step|' .. ARGV[2], {done = ARGV[3], refused = ARGV[4]}
local before, totals = redis.call('HGET', key, step) or '0|0', {}
local old = {}
old.done, old.refused = before:match('^(%d+)|(%d+)$')
for i, name in ipairs({'done', 'refused'}) do
  -- guard: test_a_step_sent_again_counts_once
  totals[i] = redis.call('HINCRBY', key, name, tonumber(parts[name]) - tonumber(old[name]))
end
redis.call('HSET', key, step, ARGV[3] .. '|' .. ARGV[4])
redis.call('EXPIRE', key, 86400)
return totals
