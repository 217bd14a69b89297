-- The answer to an idempotency key that made an API key before: nil, or {SAME | MISMATCH, key}.
local function made_before(scope, body)
  local known = scope ~= '' and redis.call('HMGET', K.idempotency .. scope, 'body', 'key') or {}
  if not known[1] then return nil end
  if known[1] ~= body then return {'MISMATCH', known[2]} end -- guard: test_idempotency_key_of_a_key_with_another_body_is_refused
  return {'SAME', known[2]} -- guard: test_idempotency_key_of_a_key_makes_one_key
end

local function remember_key(scope, body, id)
  if scope == '' then return end
  redis.call('HSET', K.idempotency .. scope, 'body', body, 'key', id)
  redis.call('EXPIRE', K.idempotency .. scope, 86400)
end
