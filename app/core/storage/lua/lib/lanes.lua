-- push: adds a run to its lane. Its hash has the entry, which renewal, finish and release use.
local function push(run, lane)
  local entry = redis.call('XADD', K.ready .. lane, '*', 'r', run)
  redis.call('HSET', K.run .. run, 'lane', lane, 'entry', entry)
  return entry
end

-- delay: adds a run to the delayed set. Wakes the schedulers if it is due before all others.
local function delay(run, due)
  local head = redis.call('ZRANGE', K.delayed, 0, 0, 'WITHSCORES')[2]
  redis.call('ZADD', K.delayed, due, run)
  if not head or due < tonumber(head) then redis.call('PUBLISH', K.wake, 'delayed') end
end

-- drop: removes an entry from its lane: acknowledged and deleted, always together.
local function drop(lane, entry)
  redis.call('XACK', K.ready .. lane, GROUP, entry)
  redis.call('XDEL', K.ready .. lane, entry)
end

-- drop_later: the same for a batch; flush_drops writes it once, after everything else.
local dropped = {}

local function drop_later(lane, entry)
  local entries = dropped[lane]
  if not entries then
    entries = {}
    dropped[lane] = entries
  end
  entries[#entries + 1] = entry
end

local function flush_drops()
  for lane, entries in pairs(dropped) do
    redis.call('XACK', K.ready .. lane, GROUP, unpack(entries))
    redis.call('XDEL', K.ready .. lane, unpack(entries))
  end
  dropped = {}
end

local function quarantine(what, lane, entry, reason)
  redis.call('XADD', K.quarantine, 'MAXLEN', '~', 1000, '*', 'what', what, 'lane', lane, 'entry', entry,
    'reason', reason)
end

local function reason_of(problem) return tostring(type(problem) == 'table' and problem.err or problem) end

-- guarded: treats one item of a batch. An item that fails (a damaged key) is quarantined and returns ERROR,
-- so that the other items go on and their changes reach the indexes.
local function guarded(what, treat, ...)
  local ok, word = pcall(treat, ...)
  if ok then return word end
  quarantine(what, '', '', reason_of(word))
  return 'ERROR'
end
