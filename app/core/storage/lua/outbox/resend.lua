#!lua
-- outbox/resend: failed | unknown -> pending, because a person decided so.
-- needs: outbox
-- ARGV: message, act
--   act: id of the decision, the same for a repeat.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, notify.
-- Returns OK | STATE | NOT_FOUND.
local now = now_ms()
local h = read(K.outbox .. message, 'state', 'seq', 'account', 'act')
if not h.state then return 'NOT_FOUND' end
-- guard: test_resend_sent_again_sends_once
if h.act == act then return 'OK' end
-- guard: test_resend_of_what_is_not_over_is_refused
if h.state ~= 'failed' and h.state ~= 'unknown' then return 'STATE' end
redis.call('HDEL', K.outbox .. message, 'send', 'settled', 'provider', 'pstate', 'pstate_at', 'error',
  'error_origin', 'code', 'due', 'template', 'doubt', 'expires', 'late')
redis.call('HSET', K.outbox .. message, 'act', act)
move_message(message, h, 'pending', now)
return 'OK'
