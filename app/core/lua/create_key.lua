#!lua
-- create_key: stores an API key; a request that is sent again under its idempotency key makes no second one.
-- ARGV: key, its record (JSON), how many keys there may be, idempotency scope or '', body hash.
-- Keys built inside: api_keys, idempotency.
-- Returns {OK | SAME | MISMATCH | FULL, key}. SAME: the key was made before, by this or an earlier request.
local id, scope = ARGV[1], ARGV[4]
if redis.call('HGET', K.api_keys, id) == ARGV[2] then return {'OK', id} end -- guard: test_key_sent_again_is_one_key
local known = scope ~= '' and redis.call('HMGET', K.idempotency .. scope, 'body', 'key') or {}
if known[1] then
  if known[1] ~= ARGV[5] then return {'MISMATCH', known[2]} end -- guard: test_idempotency_key_of_a_key_with_another_body_is_refused
  return {'SAME', known[2]} -- guard: test_idempotency_key_of_a_key_makes_one_key
end
if redis.call('HLEN', K.api_keys) >= tonumber(ARGV[3]) then return {'FULL', ''} end
redis.call('HSET', K.api_keys, id, ARGV[2])
if scope ~= '' then
  redis.call('HSET', K.idempotency .. scope, 'body', ARGV[5], 'key', id)
  redis.call('EXPIRE', K.idempotency .. scope, 86400)
end
return {'OK', id}
