#!lua flags=allow-oom
-- outbox/close: pending | unknown | failed -> failed as `closed`, because a person says so.
-- needs: outbox
-- ARGV: message, error to show where there is none.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, bell.
-- Returns OK | STATE | NOT_FOUND. A message closed again stays as it is.
local now, id = now_ms(), ARGV[1]
local h = read_message(id, 'state', 'seq', 'account', 'error', 'code')
if not h.state then return 'NOT_FOUND' end
-- guard: test_close_of_what_is_sent_is_refused
if h.state == 'sending' or h.state == 'delivered' then return 'STATE' end
if h.state == 'failed' and h.code == 'closed' then return 'OK' end
redis.call('HDEL', K.outbox .. id, 'send', 'settled', 'due')
redis.call('HSET', K.outbox .. id, 'code', 'closed')
if not h.error or h.error == '' then redis.call('HSET', K.outbox .. id, 'error', ARGV[2]) end
move_message(id, h, 'failed', now)
return 'OK'
