#!lua flags=allow-oom
-- outbox/close: pending | unknown | failed -> failed with the code `closed`, because a person decided so.
-- needs: outbox
-- ARGV: message, failure
--   failure: the error to show if there is none.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, notify.
-- Returns OK | STATE | NOT_FOUND. A message that is closed again stays as it is.
local now = now_ms()
local h = read(K.outbox .. message, 'state', 'seq', 'account', 'error', 'code')
if not h.state then return 'NOT_FOUND' end
-- guard: test_close_of_what_is_sent_is_refused
if h.state == 'sending' or h.state == 'delivered' then return 'STATE' end
if h.state == 'failed' and h.code == 'closed' then return 'OK' end
redis.call('HDEL', K.outbox .. message, 'send', 'settled', 'due')
redis.call('HSET', K.outbox .. message, 'code', 'closed')
if not h.error or h.error == '' then texts.set(K.outbox .. message, 'error', failure) end
move_message(message, h, 'failed', now)
return 'OK'
