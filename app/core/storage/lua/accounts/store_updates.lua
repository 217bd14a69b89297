#!lua
-- accounts/store_updates: Stores incoming updates of a channel, each once however often it arrives, and which
-- chats wrote last.
-- ARGV: account, max_updates, max_ids, id_kept_ms, lifetime_ms, max_chats
-- ROW: id, update, added, chat, chat_record
--   id_kept_ms: no id is forgotten sooner; added: the fields that an earlier release does not know;
--   chat: '' without a sender; chat_record: `<ms>:…`.
-- Keys built inside: updates, updates_seen, chats, notify.
-- Returns {OK, how many were new}.
local now = now_ms()
local stream, seen, chats = K.updates .. account, K.updates_seen .. account, K.chats .. account
local new, wrote = 0, false
for at = ROW.start, #ARGV - 1, ROW.width do
  -- guard: test_update_that_comes_again_is_stored_once
  if redis.call('ZADD', seen, 'NX', now, ARGV[at + ROW.id]) == 1 then
    redis.call('XADD', stream, 'MAXLEN', max_updates, '*', 'u', ARGV[at + ROW.update],
      'added', ARGV[at + ROW.added])
    if ARGV[at + ROW.chat] ~= '' then
      redis.call('HSET', chats, ARGV[at + ROW.chat], ARGV[at + ROW.chat_record])
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
  local excess = redis.call('HLEN', chats) - max_chats
  -- guard: test_chats_of_an_account_are_the_newest
  if excess > 0 then drop_oldest_chats(excess) end
  redis.call('PEXPIRE', chats, lifetime_ms)
end
if new > 0 then
  local excess = redis.call('ZCARD', seen) - max_ids
  -- guard: test_id_of_an_update_is_remembered_while_it_could_act
  excess = math.min(excess, redis.call('ZCOUNT', seen, '-inf', now - id_kept_ms))
  -- guard: test_ids_of_updates_are_forgotten_in_the_end
  if excess > 0 then redis.call('ZREMRANGEBYRANK', seen, 0, excess - 1) end
  redis.call('PEXPIRE', seen, lifetime_ms)
  redis.call('PEXPIRE', stream, lifetime_ms)
  redis.call('PUBLISH', K.notify, 'updates ' .. account)
end
return {'OK', new}
