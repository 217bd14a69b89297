#!lua flags=allow-oom
-- accounts/delete: Deletes an account and its secrets. Messages that still wait for it fail.
-- needs: outbox
-- ARGV: account, failure
--   failure: the error of those messages.
-- Keys built inside: account, accounts, health, answer_text, checks, chats, outbox, outbox_due,
-- outbox_sending, outbox_state, notify.
-- Returns OK | MORE | MISSING. MORE: call again.
local now = now_ms()
if redis.call('EXISTS', K.account .. account) == 0 then return 'MISSING' end
local page = redis.call('ZRANGE', K.outbox_due .. account, 0, 255)
for _, id in ipairs(page) do
  local h = read(K.outbox .. id, 'state', 'seq', 'account')
  if h.state == 'pending' and h.account == account then
    redis.call('HSET', K.outbox .. id, 'code', 'account_missing')
    texts.set(K.outbox .. id, 'error', failure)
    move_message(id, h, 'failed', now)
  else
    redis.call('ZREM', K.outbox_due .. account, id)
  end
end
if #page == 256 then return 'MORE' end
-- guard: test_a_deleted_account_has_no_open_incident
close_incident('account:' .. account, nil, now, '', texts.message('The account was deleted.'))
-- guard: test_a_deleted_account_has_no_undelivered_messages
close_incident('message:' .. account, nil, now, '', texts.message('The account was deleted.'))
redis.call('DEL', K.account .. account, K.health .. account, K.answer_text .. account,
  K.checks .. account, K.chats .. account)
redis.call('HDEL', K.accounts, account)
redis.call('PUBLISH', K.notify, 'accounts')
return 'OK'
