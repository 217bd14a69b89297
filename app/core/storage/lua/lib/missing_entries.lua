-- needs: lanes
-- missing_entries: a lower bound for the number of active runs without a ready entry; nil if it is too
-- expensive. A running run has an entry. A queued run has an entry, waits for a concurrency key, or is held
-- by a pause. Entries of no run make the bound too small, never too large. 512 commands of a kind at most.
local COUNTED_AT_MOST = 512

local function held_runs()
  if redis.call('HLEN', K.pauses) > COUNTED_AT_MOST then return nil end
  local held = 0
  for _, scope in ipairs(redis.call('HKEYS', K.pauses)) do
    held = held + redis.call('ZCARD', K.paused .. scope)
  end
  return held
end

-- A queue that needs two keys is listed by both of them, and counts once.
local function waiting_runs()
  if redis.call('SCARD', K.waiting_keys) > COUNTED_AT_MOST / 2 then return nil end
  local counted, queues, waiting = {}, 0, 0
  for _, name in ipairs(redis.call('SMEMBERS', K.waiting_keys)) do
    for _, queue in ipairs(redis.call('ZRANGE', K.waiting_lines .. name, 0, COUNTED_AT_MOST)) do
      if not counted[queue] then
        counted[queue], queues = true, queues + 1
        if queues > COUNTED_AT_MOST / 2 then return nil end
        waiting = waiting + redis.call('ZCARD', K.waiting .. queue)
      end
    end
  end
  return waiting
end

local function missing_entries()
  local missing = redis.call('ZCARD', K.runs_status .. 'queued') + redis.call('ZCARD',
    K.runs_status .. 'running')
  local lanes = all_lanes()
  if #lanes > COUNTED_AT_MOST then return nil end
  for _, lane in ipairs(lanes) do
    missing = missing - redis.call('XLEN', K.ready .. lane)
  end
  if missing <= 0 then return 0 end
  local held, waiting = held_runs(), waiting_runs()
  if not held or not waiting then return nil end
  return math.max(0, missing - held - waiting)
end
