-- ADMIN: key, record
--   A row is an admin key that would be enough, as the caller read it.
-- API keys and sessions. Each change raises the version that API processes compare, then wakes them.
local function access_changed()
  redis.call('INCR', K.access_version)
  redis.call('PUBLISH', K.notify, 'access')
end

-- admin_key_remains: returns if one of the rows behind ARGV[start] is still stored as it was read.
local function admin_key_remains(start)
  for at = start, #ARGV - 1, ADMIN.width do
    if redis.call('HGET', K.api_keys, ARGV[at + ADMIN.key]) == ARGV[at + ADMIN.record] then return true end
  end
  return false
end

local function drop_session(key_id, session_id)
  redis.call('ZREM', K.sessions_key .. key_id, session_id)
  redis.call('ZREM', K.sessions, key_id .. ':' .. session_id)
  return redis.call('DEL', K.session .. session_id)
end

-- idempotent_answer: nil, or {SAME | MISMATCH, key} if the idempotency key has created an API key before.
local function idempotent_answer(scope, body)
  local known = scope ~= '' and redis.call('HMGET', K.idempotency .. scope, 'body', 'key') or {}
  if not known[1] then return nil end
  -- guard: test_idempotency_key_of_a_key_with_another_body_is_refused
  if known[1] ~= body then return {'MISMATCH', known[2]} end
  -- guard: test_idempotency_key_of_a_key_makes_one_key
  return {'SAME', known[2]}
end

local function store_idempotency_key(scope, body, id)
  if scope == '' then return end
  redis.call('HSET', K.idempotency .. scope, 'body', body, 'key', id)
  redis.call('EXPIRE', K.idempotency .. scope, 86400)
end

-- sealed_by_other_key: returns if another key seals now; its fingerprint is in the hash secret_key. A process
-- that sealed a value just before a rotation began must seal it again.
local function sealed_by_other_key(sealed)
  local current, used = redis.call('HGET', K.secret_key, 'id'), sealed:match('^v2:(%x+):')
  return current and used and used ~= current
end
