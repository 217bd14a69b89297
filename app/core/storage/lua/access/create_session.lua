#!lua
-- access/create_session: stores a session; those beyond the limits go, the longest idle first.
-- needs: access
-- ARGV: session, key, record (JSON), now ms, idle limit ms, lifetime ms, sessions a key, sessions in all,
--   '1' if the key is one of API_KEYS.
-- Keys built inside: session, sessions, sessions_key, api_keys, access_version.
-- Returns OK | NO_KEY.
local id, key_id, now, idle, life = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local own = K.sessions_key .. key_id
-- guard: test_session_sent_again_is_one_session
if redis.call('GET', K.session .. id) == ARGV[3] then return 'OK' end
-- guard: test_session_of_a_revoked_key_is_not_stored
if ARGV[9] ~= '1' and redis.call('HEXISTS', K.api_keys, key_id) == 0 then return 'NO_KEY' end

local function drop_oldest(members)
  for _, member in ipairs(members) do
    local of, session_id = string.match(member, '^(.-):(.*)$')
    drop_session(of, session_id)
  end
end

drop_oldest(redis.call('ZRANGEBYSCORE', K.sessions, '-inf', text(now - idle), 'LIMIT', 0, 100))
local beyond = redis.call('ZCARD', own) - tonumber(ARGV[7])
for _, session_id in ipairs(beyond >= 0 and redis.call('ZRANGE', own, 0, math.min(beyond, 100)) or {}) do
  drop_session(key_id, session_id)
end
beyond = redis.call('ZCARD', K.sessions) - tonumber(ARGV[8])
if beyond >= 0 then drop_oldest(redis.call('ZRANGE', K.sessions, 0, math.min(beyond, 100))) end
redis.call('SET', K.session .. id, ARGV[3], 'PX', math.min(idle, life))
redis.call('ZADD', own, ARGV[4], id)
redis.call('ZADD', K.sessions, ARGV[4], key_id .. ':' .. id)
-- No session lives longer than the newest one may.
redis.call('PEXPIRE', own, ARGV[6])
redis.call('PEXPIRE', K.sessions, ARGV[6])
access_changed()
return 'OK'
