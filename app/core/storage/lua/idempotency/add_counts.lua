#!lua flags=allow-oom
-- idempotency/add_counts: Adds the counts of a step to those of its bulk action. A step that is sent again
-- counts once.
-- ARGV: scope, step, done, refused
--   step: the cursor of the step, or ''.
-- Keys built inside: idempotency.
-- Returns {done in all steps, refused in all steps}.
local key, field, parts = K.idempotency .. scope, 'step|' .. step, {done = done, refused = refused}
local before, totals = redis.call('HGET', key, field) or '0|0', {}
local old = {}
old.done, old.refused = before:match('^(%d+)|(%d+)$')
for i, name in ipairs({'done', 'refused'}) do
  -- guard: test_a_step_sent_again_counts_once
  totals[i] = redis.call('HINCRBY', key, name, tonumber(parts[name]) - tonumber(old[name]))
end
redis.call('HSET', key, field, done .. '|' .. refused)
redis.call('EXPIRE', key, 86400)
return totals
