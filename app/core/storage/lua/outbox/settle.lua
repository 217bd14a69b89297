#!lua flags=allow-oom
-- outbox/settle: sending -> delivered | failed | unknown | pending again, by the sender that took the
-- message.
-- needs: outbox
-- ARGV: message, send, state, provider_id, failure, code, due, has_receipt
--   send: the send id; due: of a message that is pending again; has_receipt: '1' if the remote side reports
--   later.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, receipts, notify.
-- Returns OK | LOST | NOT_FOUND. A sender that was declared gone may still report the result of its message.
local now = now_ms()
local h = read(K.outbox .. message, 'state', 'seq', 'account', 'send', 'settled')
if not h.state then return 'NOT_FOUND' end
-- guard: test_settle_sent_again_changes_nothing
if h.settled == send .. '>' .. state then return 'OK' end
-- guard: test_settle_of_another_sender_is_refused
if h.send ~= send then return 'LOST' end
-- guard: test_settle_of_what_is_settled_is_refused
if h.state ~= 'sending' and h.state ~= 'unknown' then return 'LOST' end
-- guard: test_unknown_message_is_never_pending_by_itself
if h.state == 'unknown' and state == 'pending' then return 'LOST' end
redis.call('HSET', K.outbox .. message, 'settled', send .. '>' .. state, 'provider', provider_id,
  'code', code)
texts.set(K.outbox .. message, 'error', failure)
-- guard: test_doubt_about_a_message_stays
if code == 'outcome_unknown' then redis.call('HSET', K.outbox .. message, 'doubt', '1') end
if state == 'pending' then
  -- Clocks may differ, so a message is never due before now.
  local due_at = math.max(now, tonumber(due) or now)
  redis.call('HDEL', K.outbox .. message, 'send')
  redis.call('HSET', K.outbox .. message, 'due', text(due_at))
  move_message(message, h, state, now, due_at)
else
  move_message(message, h, state, now)
end
if state ~= 'delivered' or has_receipt ~= '1' then return 'OK' end
local key = K.receipts .. h.account .. ':' .. provider_id
local early = redis.call('HMGET', key, 'state', 'at', 'error', 'code', 'error_origin')
redis.call('HSET', key, 'message', message)
redis.call('PEXPIRE', key, 8 * 86400000)
-- guard: test_report_that_comes_early_waits_for_its_message
if early[1] then
  local failure_then = texts.join(early[3], early[5])
  apply_report(message, provider_id, early[1], early[2], failure_then, early[4], now)
end
return 'OK'
