#!lua flags=allow-oom
-- outbox/provider_report: delivered -> delivered | failed | pending, by what the remote side reports later.
-- needs: outbox
-- ARGV: account, provider_id, state, at, failure, code
--   state: sent | delivered | read | failed; code: by_template if the message is to be sent again as one.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, receipts, notify.
-- Returns OK | STALE | EARLY. EARLY: no message has this id yet; the report waits ten minutes for it.
local key = K.receipts .. account .. ':' .. provider_id
local known = redis.call('HMGET', key, 'message', 'state')
if known[1] then return apply_report(known[1], provider_id, state, at, failure, code, now_ms()) end
-- guard: test_report_that_comes_early_waits_for_its_message
if (RANK[known[2]] or 0) >= (RANK[state] or 0) then return 'STALE' end
redis.call('HSET', key, 'state', state, 'at', at, 'code', code)
texts.set(key, 'error', failure)
redis.call('PEXPIRE', key, 600000)
return 'EARLY'
