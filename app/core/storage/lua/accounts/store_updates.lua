#!lua
-- accounts/store_updates: keeps what came in over a channel until it is treated, each update once however
-- often it comes, and which chats wrote lately.
-- ARGV: account, how many the stream keeps, how many ids are remembered, lifetime (ms), how many chats are
-- kept, then for each: id, update, chat ('' where nobody wrote), what is kept of the chat (`<ms>:…`).
-- Keys built inside: updates, updates_seen, chats, bell.
-- Returns {OK, how many were new}.
local now, account, lifetime = now_ms(), ARGV[1], ARGV[4]
local stream, seen, chats = K.updates .. account, K.updates_seen .. account, K.chats .. account
local new, wrote = 0, false
for i = 6, #ARGV, 4 do
  -- guard: test_update_that_comes_again_is_stored_once
  if redis.call('ZADD', seen, 'NX', now, ARGV[i]) == 1 then
    redis.call('XADD', stream, 'MAXLEN', ARGV[2], '*', 'u', ARGV[i + 1])
    if ARGV[i + 2] ~= '' then
      redis.call('HSET', chats, ARGV[i + 2], ARGV[i + 3])
      wrote = true
    end
    new = new + 1
  -- guard: test_update_that_comes_again_is_stored_once
  end
end

local function drop_oldest_chats(excess)
  local found, flat = {}, redis.call('HGETALL', chats)
  for i = 1, #flat, 2 do
    found[#found + 1] = {id = flat[i], at = tonumber(flat[i + 1]:match('^%d+')) or 0}
  end
  table.sort(found, function(a, b) return a.at < b.at end)
  for i = 1, excess do redis.call('HDEL', chats, found[i].id) end
end

if wrote then
  local excess = redis.call('HLEN', chats) - ARGV[5]
  -- guard: test_chats_of_an_account_are_the_newest
  if excess > 0 then drop_oldest_chats(excess) end
  redis.call('PEXPIRE', chats, lifetime)
end
if new > 0 then
  -- guard: test_ids_of_updates_are_forgotten_in_the_end
  redis.call('ZREMRANGEBYRANK', seen, 0, -tonumber(ARGV[3]) - 1)
  redis.call('PEXPIRE', seen, lifetime)
  redis.call('PEXPIRE', stream, lifetime)
  redis.call('PUBLISH', K.bell, 'updates ' .. account)
end
return {'OK', new}
