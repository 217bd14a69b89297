#!lua flags=allow-oom
-- outbox/expire: pending -> failed, for messages whose time is over, also of accounts without a connector.
-- needs: outbox
-- ARGV: after_seq, page_size, failure
--   failure: the error to show.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, notify.
-- Returns {expired, seq to continue after, or '' at the end}.
local now, expired = now_ms(), 0
local page = redis.call('ZRANGEBYSCORE', K.outbox_state .. 'pending', '(' .. after_seq, '+inf', 'WITHSCORES',
  'LIMIT', 0, page_size)
for i = 1, #page, 2 do
  local h = read(K.outbox .. page[i], 'state', 'seq', 'account', 'expires', 'doubt')
  if h.state == 'pending' and expire_message(page[i], h, failure, now) then expired = expired + 1 end
end
return {expired, #page == 2 * page_size and page[#page] or ''}
