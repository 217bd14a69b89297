-- A lane is `[queue:]priority[@type]`; the lanes of the queue `default` have no prefix, and `suspect` counts
-- as a priority. A lane with a type has runs that a worker without the type has put aside.
local OWN_LANES = {'high', 'normal', 'low', 'suspect'}
local IS_OWN = {high = true, normal = true, low = true, suspect = true}
-- each call: noted = {}

local function queue_of(lane) return lane:match('^([^:@]+):') or 'default' end

-- A claim asks for each of its runs: a lane of the queue `default` needs no pattern.
local function base_of(lane) return IS_OWN[lane] and lane or lane:match('^[^@]+') end

local function is_suspect(lane)
  if IS_OWN[lane] then return lane == 'suspect' end
  return base_of(lane):match('[^:]+$') == 'suspect'
end

local function suspect_of(lane) return (lane:match('^[^:@]+:') or '') .. 'suspect' end

-- note_queue: adds a queue to those that exist. Its lanes get their marks at once, because a lane without one
-- is a sign of a loss (queue/check_lanes).
local function note_queue(queue)
  if queue == 'default' or redis.call('SADD', K.queues, queue) == 0 then return end
  for _, priority in ipairs(OWN_LANES) do
    local key = K.ready .. queue .. ':' .. priority
    redis.pcall('XGROUP', 'CREATE', key, GROUP, '0', 'MKSTREAM')
    redis.call('XGROUP', 'CREATECONSUMER', key, GROUP, 'heal')
  end
end

-- note_lane: adds a lane of another queue or of one type to those that exist. It costs one lookup for a lane
-- of the queue `default`.
local function note_lane(lane)
  if IS_OWN[lane] or noted[lane] then return end
  noted[lane] = true
  note_queue(queue_of(lane))
  if not lane:find('@', 1, true) then return end
  -- guard: test_a_run_that_was_put_aside_is_found_by_its_type
  redis.call('SADD', K.typed_lanes, lane)
  redis.pcall('XGROUP', 'CREATE', K.ready .. lane, GROUP, '0', 'MKSTREAM')
end

-- own_lanes: the lanes of all types, of all queues.
local function own_lanes()
  local lanes = {unpack(OWN_LANES)}
  for _, queue in ipairs(redis.call('SMEMBERS', K.queues)) do
    for _, priority in ipairs(OWN_LANES) do lanes[#lanes + 1] = queue .. ':' .. priority end
  end
  return lanes
end

-- all_lanes: all lanes that exist.
local function all_lanes()
  local lanes = own_lanes()
  for _, lane in ipairs(redis.call('SMEMBERS', K.typed_lanes)) do lanes[#lanes + 1] = lane end
  return lanes
end

-- push: adds a run to its lane. Its hash has the entry, which renewal, finish and release use.
local function push(run, lane)
  note_lane(lane)
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
-- each call: dropped = {}

local function drop_later(lane, entry)
  local entries = dropped[lane]
  if not entries then
    entries = {}
    dropped[lane] = entries
  end
  entries[#entries + 1] = entry
end

-- whole_until: the oldest pending entry of a lane, {id, ms, seq}: entries before it were given to workers and
-- have been acknowledged. nil if none is pending, or if it was never given to a worker: queue/repair_entries
-- and queue/renew make such ones, and others that wait may be older.
local function whole_until(key)
  local pending = redis.pcall('XPENDING', key, GROUP, '-', '+', 1)
  local groups = redis.pcall('XINFO', 'GROUPS', key)
  if pending.err or not pending[1] or groups.err or #groups ~= 1 then return end
  local id, given = pending[1][1], ''
  for i = 1, #groups[1], 2 do
    if groups[1][i] == 'last-delivered-id' then given = groups[1][i + 1] end
  end
  local ms, seq = id:match('^(%d+)-(%d+)$')
  local given_ms, given_seq = given:match('^(%d+)-(%d+)$')
  ms, seq, given_ms, given_seq = tonumber(ms), tonumber(seq), tonumber(given_ms), tonumber(given_seq)
  -- guard: test_the_end_of_many_runs_deletes_no_entry_that_waits
  if not given_ms or ms > given_ms or ms == given_ms and seq > given_seq then return end
  return {id, text(ms), seq}
end

-- delete_finished: deletes entries that have been acknowledged. Redis searches for each from the start of its
-- node. Those of a large batch that are older than all pending ones are cut off together.
local function delete_finished(key, entries)
  local oldest = #entries >= 16 and whole_until(key)
  if oldest then
    local ms, seq, rest = oldest[2], oldest[3], {}
    local same, size = ms .. '-', #ms + 1
    for _, entry in ipairs(entries) do
      -- Instants in ms have 13 digits until 2286, so they compare as texts.
      if entry > ms and (entry:sub(1, size) ~= same or tonumber(entry:sub(size + 1)) >= seq) then
        rest[#rest + 1] = entry
      end
    end
    redis.call('XTRIM', key, 'MINID', '=', oldest[1])
    entries = rest
  end
  if #entries > 0 then redis.call('XDEL', key, unpack(entries)) end
end

local function flush_drops()
  for lane, entries in pairs(dropped) do
    local key = K.ready .. lane
    redis.call('XACK', key, GROUP, unpack(entries))
    delete_finished(key, entries)
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
