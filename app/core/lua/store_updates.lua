#!lua
-- store_updates: keeps what came in over a channel until it is treated, each update once however often it comes.
-- ARGV: account, how many the stream keeps, how many ids are remembered, lifetime (ms), then id and update each.
-- Keys built inside: updates, updates_seen, bell.
-- Returns {OK, how many were new}.
local now, account, lifetime = now_ms(), ARGV[1], ARGV[4]
local stream, seen = K.updates .. account, K.updates_seen .. account
local new = 0
for i = 5, #ARGV, 2 do
  if redis.call('ZADD', seen, 'NX', now, ARGV[i]) == 1 then -- guard: test_update_that_comes_again_is_stored_once
    redis.call('XADD', stream, 'MAXLEN', ARGV[2], '*', 'u', ARGV[i + 1])
    new = new + 1
  end -- guard: test_update_that_comes_again_is_stored_once
end
if new > 0 then
  redis.call('ZREMRANGEBYRANK', seen, 0, -tonumber(ARGV[3]) - 1) -- guard: test_ids_of_updates_are_forgotten_in_the_end
  redis.call('PEXPIRE', seen, lifetime)
  redis.call('PEXPIRE', stream, lifetime)
  redis.call('PUBLISH', K.bell, 'updates ' .. account)
end
return {'OK', new}
