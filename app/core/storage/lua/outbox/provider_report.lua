#!lua flags=allow-oom
-- outbox/provider_report: delivered -> delivered | failed, by what the remote side says of a message later
-- on.
-- needs: outbox
-- ARGV: account, provider's id, sent | delivered | read | failed, at (ms), error, code.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, receipts, bell.
-- Returns OK | STALE | EARLY. EARLY: the message is not known by this id yet; the report waits ten minutes
-- for it.
local now, provider, state, at = now_ms(), ARGV[2], ARGV[3], ARGV[4]
local key = K.receipts .. ARGV[1] .. ':' .. provider
local known = redis.call('HMGET', key, 'message', 'state')
if known[1] then return apply_report(known[1], provider, state, at, ARGV[5], ARGV[6], now) end
-- guard: test_report_that_comes_early_waits_for_its_message
if (RANK[known[2]] or 0) >= (RANK[state] or 0) then return 'STALE' end
redis.call('HSET', key, 'state', state, 'at', at, 'error', ARGV[5], 'code', ARGV[6])
redis.call('PEXPIRE', key, 600000)
return 'EARLY'
