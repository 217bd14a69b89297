#!lua flags=allow-oom
-- outbox/settle: sending -> delivered | failed | unknown | pending again, by the sender that took the
-- message.
-- needs: outbox
-- ARGV: message, send id, state, provider's id, error, code, due (ms) of a message that is pending again, '1'
-- where the remote side reports on it later.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, receipts, bell.
-- Returns OK | LOST | NOT_FOUND. A sender that was given up for lost may still say what became of its
-- message.
local now, id, send, state = now_ms(), ARGV[1], ARGV[2], ARGV[3]
local h = read_message(id, 'state', 'seq', 'account', 'send', 'settled')
if not h.state then return 'NOT_FOUND' end
-- guard: test_settle_sent_again_changes_nothing
if h.settled == send .. '>' .. state then return 'OK' end
-- guard: test_settle_of_another_sender_is_refused
if h.send ~= send then return 'LOST' end
-- guard: test_settle_of_what_is_settled_is_refused
if h.state ~= 'sending' and h.state ~= 'unknown' then return 'LOST' end
-- guard: test_unknown_message_is_never_pending_by_itself
if h.state == 'unknown' and state == 'pending' then return 'LOST' end
redis.call('HSET', K.outbox .. id, 'settled', send .. '>' .. state, 'provider', ARGV[4], 'error', ARGV[5],
  'code', ARGV[6])
if state == 'pending' then
  -- Clocks may differ: what is asked to wait waits at least until now.
  local due = math.max(now, tonumber(ARGV[7]) or now)
  redis.call('HDEL', K.outbox .. id, 'send')
  redis.call('HSET', K.outbox .. id, 'due', text(due))
  move_message(id, h, state, now, due)
else
  move_message(id, h, state, now)
end
if state ~= 'delivered' or ARGV[8] ~= '1' then return 'OK' end
local key = K.receipts .. h.account .. ':' .. ARGV[4]
local early = redis.call('HMGET', key, 'state', 'at', 'error', 'code')
redis.call('HSET', key, 'message', id)
redis.call('PEXPIRE', key, 8 * 86400000)
-- guard: test_report_that_comes_early_waits_for_its_message
if early[1] then apply_report(id, ARGV[4], early[1], early[2], early[3], early[4], now) end
return 'OK'
