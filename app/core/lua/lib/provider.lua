-- needs: outbox
-- provider_says: what the remote side reports of a message that it took: sent, delivered, read or failed.
-- A report never takes back an earlier, better one; what it says has failed was not delivered.
local RANK = {sent = 1, failed = 2, delivered = 3, read = 4}

local function provider_says(id, provider, state, at, error, code, now)
  local h = message(id, 'state', 'seq', 'account', 'provider', 'pstate')
  if h.provider ~= provider or h.state ~= 'delivered' then return 'STALE' end -- guard: test_report_on_an_earlier_sending_changes_nothing
  if (RANK[h.pstate] or 0) >= (RANK[state] or 0) then return 'STALE' end -- guard: test_report_that_comes_late_takes_nothing_back
  redis.call('HSET', K.outbox .. id, 'pstate', state, 'pstate_at', at)
  if state == 'failed' then
    redis.call('HSET', K.outbox .. id, 'error', error, 'code', code)
    turn(id, h, 'failed', now)
  end
  return 'OK'
end
