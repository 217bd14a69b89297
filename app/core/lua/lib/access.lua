-- API keys and sessions: every change raises the version that API processes compare.
local function access_changed() redis.call('INCR', K.access_version) end

-- Whether one of these (id, record) pairs of ARGV, from `first` on, is still stored as it was read.
local function key_is_left(first)
  for i = first, #ARGV, 2 do
    if redis.call('HGET', K.api_keys, ARGV[i]) == ARGV[i + 1] then return true end
  end
  return false
end

local function drop_session(key_id, session_id)
  redis.call('ZREM', K.sessions_key .. key_id, session_id)
  redis.call('ZREM', K.sessions, key_id .. ':' .. session_id)
  return redis.call('DEL', K.session .. session_id)
end
