#!lua flags=allow-oom
-- outbox/deliver_to_inbox: pending -> delivered, for due messages of a sandbox account. The same script adds
-- them to the inbox, so that a crash can neither lose a message nor deliver it twice.
-- needs: outbox
-- ARGV: account, page_size, max_kept, failure
--   failure: the error of messages that expired.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, inbox, notify.
-- Returns {OK, messages}.
local now, done = now_ms(), {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.outbox_due .. account, '-inf', '(' .. now + 1, 'LIMIT', 0,
  page_size)) do
  local h = read(K.outbox .. id, 'state', 'seq', 'account', 'to', 'text', 'job', 'run', 'slot', 'expires',
    'doubt')
  local is_due = h.state == 'pending' and h.account == account
  if is_due and not expire_message(id, h, failure, now) then
    local entry = redis.call('XADD', K.inbox, 'MAXLEN', max_kept, '*', 'id', id, 'account', account, 'to',
      h.to,
      'text', h.text, 'job', h.job or '', 'run', h.run or '',
      'late', note_lateness(id, h, now) and h.slot or '')
    redis.call('HSET', K.outbox .. id, 'provider', entry)
    redis.call('HDEL', K.outbox .. id, 'due', 'error', 'error_origin', 'code')
    redis.call('HINCRBY', K.outbox .. id, 'attempts', 1)
    move_message(id, h, 'delivered', now)
    done[#done + 1] = id
  elseif not is_due then
    redis.call('ZREM', K.outbox_due .. account, id)
  end
end
return {'OK', done}
