#!lua flags=allow-oom
-- access/touch_sessions: keeps when sessions were last used, and puts off the end of their records.
-- ARGV: now ms, idle limit ms, then (key, session, the latest end, ms) each; 250 at most.
-- Keys built inside: session, sessions, sessions_key.
-- Returns OK.
local now = tonumber(ARGV[1])
for i = 3, #ARGV, 3 do
  local key_id, id = ARGV[i], ARGV[i + 1]
  -- guard: test_session_that_has_ended_is_not_listed_again
  if redis.call('EXISTS', K.session .. id) == 1 then
    redis.call('ZADD', K.sessions_key .. key_id, 'GT', ARGV[1], id)
    redis.call('ZADD', K.sessions, 'GT', ARGV[1], key_id .. ':' .. id)
    redis.call('PEXPIRE', K.session .. id, text(math.min(tonumber(ARGV[2]), tonumber(ARGV[i + 2]) - now)))
  -- guard: test_session_that_has_ended_is_not_listed_again
  end
end
return 'OK'
