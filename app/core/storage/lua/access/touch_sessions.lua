#!lua flags=allow-oom
-- access/touch_sessions: Stores when sessions were last used, and extends the lifetimes of their records.
-- ARGV: now, idle_ms
-- ROW: key, session, latest_end
--   250 rows at most.
-- Keys built inside: session, sessions, sessions_key.
-- Returns OK.
for at = ROW.start, #ARGV - 1, ROW.width do
  local key, session = ARGV[at + ROW.key], ARGV[at + ROW.session]
  -- guard: test_session_that_has_ended_is_not_listed_again
  if redis.call('EXISTS', K.session .. session) == 1 then
    local left = math.min(tonumber(idle_ms), tonumber(ARGV[at + ROW.latest_end]) - tonumber(now))
    redis.call('ZADD', K.sessions_key .. key, 'GT', now, session)
    redis.call('ZADD', K.sessions, 'GT', now, key .. ':' .. session)
    redis.call('PEXPIRE', K.session .. session, text(left))
  -- guard: test_session_that_has_ended_is_not_listed_again
  end
end
return 'OK'
