#!lua
-- access/create_session: Stores a session. Sessions beyond the limits are deleted, the longest idle first.
-- needs: access
-- ARGV: session, key, record, now, idle_ms, lifetime_ms, max_per_key, max_sessions, is_setting_key
--   record: JSON; is_setting_key: '1' if the key is one of API_KEYS.
-- Keys built inside: session, sessions, sessions_key, api_keys, access_version, notify.
-- Returns OK | NO_KEY.
local own, idle = K.sessions_key .. key, tonumber(idle_ms)
-- guard: test_session_sent_again_is_one_session
if redis.call('GET', K.session .. session) == record then return 'OK' end
-- guard: test_session_of_a_revoked_key_is_not_stored
if is_setting_key ~= '1' and redis.call('HEXISTS', K.api_keys, key) == 0 then return 'NO_KEY' end

local function drop_oldest(members)
  for _, member in ipairs(members) do
    local of, session_id = string.match(member, '^(.-):(.*)$')
    drop_session(of, session_id)
  end
end

drop_oldest(redis.call('ZRANGEBYSCORE', K.sessions, '-inf', text(now - idle), 'LIMIT', 0, 100))
local excess = redis.call('ZCARD', own) - tonumber(max_per_key)
for _, session_id in ipairs(excess >= 0 and redis.call('ZRANGE', own, 0, math.min(excess, 100)) or {}) do
  drop_session(key, session_id)
end
excess = redis.call('ZCARD', K.sessions) - tonumber(max_sessions)
if excess >= 0 then drop_oldest(redis.call('ZRANGE', K.sessions, 0, math.min(excess, 100))) end
redis.call('SET', K.session .. session, record, 'PX', math.min(idle, tonumber(lifetime_ms)))
redis.call('ZADD', own, now, session)
redis.call('ZADD', K.sessions, now, key .. ':' .. session)
-- No session lives longer than the newest one may.
redis.call('PEXPIRE', own, lifetime_ms)
redis.call('PEXPIRE', K.sessions, lifetime_ms)
access_changed()
return 'OK'
