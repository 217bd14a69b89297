#!lua flags=allow-oom
-- outbox/take: pending -> sending, for the message of an account that has been due for longest.
-- needs: outbox
-- ARGV: account, send, failure
--   send: the send id, `<owner>:<n>`, the same for a repeat; failure: the error of messages that expired.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, notify.
-- Returns {OK, message, its hash} | NONE.
local now = now_ms()
for _, id in ipairs(redis.call('ZRANGE', K.outbox_sending .. account, 0, 255)) do
  -- guard: test_take_sent_again_gives_the_same_message
  if redis.call('HGET', K.outbox .. id, 'send') == send then
    return {'OK', id, redis.call('HGETALL', K.outbox .. id)}
  -- guard: test_take_sent_again_gives_the_same_message
  end
end

local function start_sending(id)
  local h = read(K.outbox .. id, 'state', 'seq', 'account', 'slot', 'expires', 'doubt')
  -- guard: test_take_drops_what_is_not_pending
  if h.state ~= 'pending' or expire_message(id, h, failure, now) then return nil end
  move_message(id, h, 'sending', now)
  redis.call('HSET', K.outbox .. id, 'send', send)
  redis.call('HDEL', K.outbox .. id, 'due')
  note_lateness(id, h, now)
  redis.call('HINCRBY', K.outbox .. id, 'attempts', 1)
  return {'OK', id, redis.call('HGETALL', K.outbox .. id)}
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.outbox_due .. account, '-inf', '(' .. now + 1, 'LIMIT', 0,
  32)) do
  local answer = start_sending(id)
  if answer then return answer end
  redis.call('ZREM', K.outbox_due .. account, id)
end
return {'NONE'}
