-- Counters of a whole batch are added here, and flush_metrics writes them once.
local DAY_MS = 86400000
-- each call: totals, starts, ends = {}, {}, {}

local function increment(key, field, n)
  local fields = totals[key]
  if not fields then
    fields = {}
    totals[key] = fields
  end
  fields[field] = (fields[field] or 0) + n
end

local function count(field, n)
  increment(K.metrics, field, n or 1)
end

-- bucket: the name of the fine bucket of a duration. The first bounds are 0, 1, 2 … ms: their names exist.
local SHORT = {}
for ms = 0, 50 do SHORT[ms] = 'b' .. ms end

-- each call: above, upto, last_found = 0, 0, nil

local function bucket(ms)
  if SHORT[ms] then return SHORT[ms] end
  -- Most runs of a batch are in the bucket of the run before.
  if ms > above and ms <= upto then return last_found end
  local low, high = 1, #BOUNDS + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if ms <= BOUNDS[middle] then high = middle else low = middle + 1 end
  end
  above, upto, last_found = BOUNDS[low - 1] or -1, BOUNDS[low] or math.huge, 'b' .. (low - 1)
  return last_found
end

-- count_start: a run started; its wait is counted by lane and by minute. Most runs of a batch have the same
-- lane and bucket. They share one entry.
local function count_start(lane, wait, now)
  local i = bucket(wait)
  local id = lane .. i
  local seen = starts[id]
  if not seen then
    seen = {0, 0, lane, i, now}
    starts[id] = seen
  end
  seen[1], seen[2] = seen[1] + 1, seen[2] + wait
end

-- count_end: a run ended; it is counted by type and status, and in the roll-ups.
local function count_end(job, type, status, duration, now)
  local i = bucket(duration)
  local id = job .. '|' .. type .. '|' .. status .. i
  local seen = ends[id]
  if not seen then
    seen = {0, 0, job, type, status, i, now}
    ends[id] = seen
  end
  seen[1], seen[2] = seen[1] + 1, seen[2] + duration
end

local function add_start(n, wait, lane, i, now)
  local minute = K.rollup_minute .. math.floor(now / 60000)
  count('wait|' .. lane .. '|' .. i, n)
  count('wait|' .. lane .. '|sum', wait)
  increment(minute, 'started', n)
  increment(minute, 'wait|' .. i, n)
end

local function note_success(job, now)
  -- guard: test_a_run_that_outlives_its_job_leaves_no_last_success
  if redis.call('EXISTS', K.job .. job) == 0 then return end
  redis.call('ZADD', K.successes, now, job)
  -- guard: test_a_success_ends_what_is_overdue
  redis.call('ZREM', K.success_due, job)
end

local function add_end(n, ms, job, type, status, i, now)
  local day = math.floor(now / DAY_MS)
  count('runs|' .. type .. '|' .. status, n)
  count('duration|' .. type .. '|' .. i, n)
  count('duration|' .. type .. '|sum', ms)
  local minute = K.rollup_minute .. math.floor(now / 60000)
  increment(minute, status, n)
  increment(minute, 'duration|' .. i, n)
  increment(K.rollup_day .. day, status, n)
  increment(K.rollup_day .. day, 'ms', ms)
  increment(K.rollup_jobs .. day, job, n)
  local quarter, key = math.floor(now % DAY_MS / 900000), K.rollup_quarter .. job .. ':' .. day
  increment(key, quarter .. '|' .. status, n)
  increment(key, quarter .. '|ms', ms)
  increment(K.rollup_durations .. job .. ':' .. day, quarter - quarter % 8 .. '|' .. i, n)
  if status == 'success' then note_success(job, now) end
end

local function lifetime(key)
  if key:sub(1, #K.rollup_minute) == K.rollup_minute then return 25 * 3600 end
  if key:sub(1, #K.rollup_quarter) == K.rollup_quarter then return 41 * 86400 end
  if key:sub(1, #K.rollup_durations) == K.rollup_durations then return 41 * 86400 end
  if key:sub(1, #K.rollup_jobs) == K.rollup_jobs then return 41 * 86400 end
  if key:sub(1, #K.rollup_day) == K.rollup_day then return 401 * 86400 end
end

local function flush_metrics()
  local last_start
  for _, seen in pairs(starts) do
    add_start(unpack(seen))
    last_start = seen[5]
  end
  -- Readiness checks if runs start.
  if last_start then redis.call('HSET', K.meta, 'last_start', last_start) end
  for _, seen in pairs(ends) do add_end(unpack(seen)) end
  for key, fields in pairs(totals) do
    local has_grown = false
    for field, n in pairs(fields) do
      -- A new key has a new field.
      if redis.call('HINCRBY', key, field, n) == n then has_grown = true end
    end
    local seconds = has_grown and lifetime(key)
    -- guard: test_roll_ups_have_a_lifetime
    if seconds then redis.call('EXPIRE', key, seconds) end
  end
  totals, starts, ends = {}, {}, {}
end
