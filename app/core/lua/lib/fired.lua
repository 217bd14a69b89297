-- The slots of a job that fired, as at most 16 ranges `a-b,c-d`, so that none fires again even when its
-- run is long purged. Neighbouring slots merge; beyond 16 the two oldest ranges become one.
local function fired_ranges(job)
  local ranges = {}
  for a, b in (redis.call('GET', K.fired .. job) or ''):gmatch('(%d+)%-(%d+)') do
    ranges[#ranges + 1] = {tonumber(a), tonumber(b)}
  end
  return ranges
end

local function has_fired(job, slot)
  for _, r in ipairs(fired_ranges(job)) do
    if slot >= r[1] and slot <= r[2] then return true end
  end
  return false
end

-- keep_fired: stores ranges in their order; beyond 16 the oldest ones become one.
local function keep_fired(job, ranges)
  while #ranges > 16 do
    ranges[2][1] = ranges[1][1]
    table.remove(ranges, 1)
  end
  local parts = {}
  for i, r in ipairs(ranges) do parts[i] = string.format('%d-%d', r[1], r[2]) end
  redis.call('SET', K.fired .. job, table.concat(parts, ','), 'EX', 40 * 86400)
end

local function by_start(x, y) return x[1] < y[1] end

local function remember_fired(job, slot, previous)
  local ranges = fired_ranges(job)
  local last = ranges[#ranges]
  if last and previous and last[2] == previous then
    last[2] = slot
  else
    ranges[#ranges + 1] = {slot, slot}
    table.sort(ranges, by_start)
  end
  keep_fired(job, ranges)
end
