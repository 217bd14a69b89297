#!lua flags=allow-oom
-- outbox_settle: sending -> delivered | failed | unknown | pending again, by the sender that took the message.
-- needs: outbox
-- ARGV: message, send id, state, provider's id, error, code, due (ms) of a message that is pending again.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, bell.
-- Returns OK | LOST | NOT_FOUND. A sender that was given up for lost may still say what became of its message.
local now, id, send, state = now_ms(), ARGV[1], ARGV[2], ARGV[3]
local h = message(id, 'state', 'seq', 'account', 'send', 'settled')
if not h.state then return 'NOT_FOUND' end
if h.settled == send .. '>' .. state then return 'OK' end -- guard: test_settle_sent_again_changes_nothing
if h.send ~= send then return 'LOST' end -- guard: test_settle_of_another_sender_is_refused
if h.state ~= 'sending' and h.state ~= 'unknown' then return 'LOST' end -- guard: test_settle_of_what_is_settled_is_refused
if h.state == 'unknown' and state == 'pending' then return 'LOST' end -- guard: test_unknown_message_is_never_pending_by_itself
redis.call('HSET', K.outbox .. id, 'settled', send .. '>' .. state, 'provider', ARGV[4], 'error', ARGV[5], 'code', ARGV[6])
if state == 'pending' then
  -- Clocks may differ: what is asked to wait waits at least until now.
  local due = math.max(now, tonumber(ARGV[7]) or now)
  redis.call('HDEL', K.outbox .. id, 'send')
  redis.call('HSET', K.outbox .. id, 'due', text(due))
  turn(id, h, state, now, due)
else
  turn(id, h, state, now)
end
return 'OK'
