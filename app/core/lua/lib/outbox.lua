-- message: some fields of a message's hash as a table, missing ones nil.
local function message(id, ...)
  local names, h = {...}, {}
  local values = redis.call('HMGET', K.outbox .. id, ...)
  for i, name in ipairs(names) do h[name] = values[i] or nil end
  return h
end

-- turn: moves a message from `h.state` to another, with the indexes that go by it; a new one comes from nil.
-- `h` has state, seq and account. Who waits for mail or for the receipt hears of it.
local function turn(id, h, state, now, due)
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
