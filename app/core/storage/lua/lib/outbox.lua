-- read_message: some fields of a message's hash as a table, missing ones nil.
local function read_message(id, ...)
  local names, h = {...}, {}
  local values = redis.call('HMGET', K.outbox .. id, ...)
  for i, name in ipairs(names) do h[name] = values[i] or nil end
  return h
end

-- move_message: moves a message from `h.state` to another, with the indexes that go by it; a new one comes
-- from nil. `h` has state, seq and account. Who waits for mail or for the receipt hears of it.
local function move_message(id, h, state, now, due)
  if h.state then redis.call('ZREM', K.outbox_state .. h.state, id) end
  if h.state == 'pending' then redis.call('ZREM', K.outbox_due .. h.account, id) end
  if h.state == 'sending' then redis.call('ZREM', K.outbox_sending .. h.account, id) end
  redis.call('ZADD', K.outbox_state .. state, h.seq, id)
  redis.call('HSET', K.outbox .. id, 'state', state, 'updated', now)
  if state == 'sending' then return redis.call('ZADD', K.outbox_sending .. h.account, now, id) end
  if state ~= 'pending' then return redis.call('PUBLISH', K.bell, 'receipt ' .. id) end
  -- Of one millisecond the older one first: the rest of its number stands behind the point.
  redis.call('ZADD', K.outbox_due .. h.account, (due or now) + h.seq % 1024 / 1024, id)
  redis.call('PUBLISH', K.bell, 'mail ' .. h.account)
end

-- apply_report: what the remote side reports of a message that it took: sent, delivered, read or failed.
-- A report never takes back an earlier, better one; what it says has failed was not delivered.
local RANK = {sent = 1, failed = 2, delivered = 3, read = 4}

local function apply_report(id, provider, state, at, error, code, now)
  local h = read_message(id, 'state', 'seq', 'account', 'provider', 'pstate')
  -- guard: test_report_on_an_earlier_sending_changes_nothing
  if h.provider ~= provider or h.state ~= 'delivered' then return 'STALE' end
  -- guard: test_report_that_comes_late_takes_nothing_back
  if (RANK[h.pstate] or 0) >= (RANK[state] or 0) then return 'STALE' end
  redis.call('HSET', K.outbox .. id, 'pstate', state, 'pstate_at', at)
  if state == 'failed' then
    redis.call('HSET', K.outbox .. id, 'error', error, 'code', code)
    move_message(id, h, 'failed', now)
  end
  return 'OK'
end
