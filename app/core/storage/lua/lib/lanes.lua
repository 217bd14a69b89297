-- push: puts a run into its lane; its hash knows the entry, and so do renewal, finish and release.
local function push(run, lane)
  local entry = redis.call('XADD', K.ready .. lane, '*', 'r', run)
  redis.call('HSET', K.run .. run, 'lane', lane, 'entry', entry)
  return entry
end

-- drop: takes an entry out of its lane for good; acknowledged and deleted always together.
local function drop(lane, entry)
  redis.call('XACK', K.ready .. lane, GROUP, entry)
  redis.call('XDEL', K.ready .. lane, entry)
end

-- drop_later: the same for a batch, written once by flush_drops, after everything else.
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

-- guarded: treats one item of a batch. One that fails (a damaged key) is quarantined and answers ERROR,
-- so that its neighbours go on and what they changed reaches the indexes.
local function reason_of(problem) return tostring(type(problem) == 'table' and problem.err or problem) end

local function guarded(what, treat, ...)
  local ok, word = pcall(treat, ...)
  if ok then return word end
  quarantine(what, '', '', reason_of(word))
  return 'ERROR'
end
