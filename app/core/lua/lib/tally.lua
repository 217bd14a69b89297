-- Counters of a whole batch are added up here and written once, by flush_tally.
local tallies, DAY_MS = {}, 86400000

local function add(key, field, n)
  local fields = tallies[key]
  if not fields then
    fields = {}
    tallies[key] = fields
  end
  fields[field] = (fields[field] or 0) + n
end

local function bucket(ms)
  local low, high = 1, #BOUNDS + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if ms <= BOUNDS[middle] then high = middle else low = middle + 1 end
  end
  return low - 1
end

local function count(field, n)
  add(K.metrics, field, n or 1)
end

local function minute_key(now) return K.rollup_minute .. math.floor(now / 60000) end

-- A run started: its wait in the queue, by lane and by minute.
local function count_start(lane, wait, now)
  local i = bucket(wait)
  count('wait|' .. lane .. '|' .. i)
  count('wait|' .. lane .. '|sum', wait)
  local minute = minute_key(now)
  add(minute, 'started', 1)
  add(minute, 'wait|' .. i, 1)
end

-- A run ended: by type and status, and in the roll-ups of where it ended.
local function count_end(job, type, status, duration, now)
  local i = bucket(duration)
  count('runs|' .. type .. '|' .. status)
  count('duration|' .. type .. '|' .. i)
  count('duration|' .. type .. '|sum', duration)
  local minute, day = minute_key(now), math.floor(now / DAY_MS)
  add(minute, status, 1)
  add(minute, 'duration|' .. i, 1)
  add(K.rollup_day .. day, status, 1)
  add(K.rollup_day .. day, 'ms', duration)
  add(K.rollup_day .. day, 'duration|' .. i, 1)
  local quarter, key = math.floor(now % DAY_MS / 900000), K.rollup_quarter .. job .. ':' .. day
  add(key, quarter .. '|' .. status, 1)
  add(key, quarter .. '|ms', duration)
  add(key, quarter .. '|duration|' .. i, 1)
end

local function lifetime(key)
  if key:sub(1, #K.rollup_minute) == K.rollup_minute then return 25 * 3600 end
  if key:sub(1, #K.rollup_quarter) == K.rollup_quarter then return 41 * 86400 end
  if key:sub(1, #K.rollup_day) == K.rollup_day then return 401 * 86400 end
end

local function flush_tally()
  for key, fields in pairs(tallies) do
    for field, n in pairs(fields) do redis.call('HINCRBY', key, field, n) end
    local seconds = lifetime(key)
    if seconds then redis.call('EXPIRE', key, seconds) end
  end
  tallies = {}
end
