-- The slots of a job that fired, as at most 16 ranges `a-b,c-d`, so that no slot fires again after its run
-- was purged. Adjacent slots are merged; beyond 16 the two oldest ranges become one.
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

-- store_fired: stores ranges in their order; beyond 16 the oldest ones become one.
local function store_fired(job, ranges)
  while #ranges > 16 do
    ranges[2][1] = ranges[1][1]
    table.remove(ranges, 1)
  end
  local parts = {}
  for i, r in ipairs(ranges) do parts[i] = string.format('%d-%d', r[1], r[2]) end
  redis.call('SET', K.fired .. job, table.concat(parts, ','), 'EX', 40 * 86400)
end

local function by_start(x, y) return x[1] < y[1] end

local function record_fired(job, slot, previous)
  local ranges = fired_ranges(job)
  local last = ranges[#ranges]
  if last and previous and last[2] == previous then
    last[2] = slot
  else
    ranges[#ranges + 1] = {slot, slot}
    table.sort(ranges, by_start)
  end
  store_fired(job, ranges)
end

-- merge_fired: adds ranges `a-b,c-d` of an export to those of a job.
local function merge_fired(job, exported)
  local ranges, merged = fired_ranges(job), {}
  for a, b in exported:gmatch('(%d+)%-(%d+)') do ranges[#ranges + 1] = {tonumber(a), tonumber(b)} end
  table.sort(ranges, by_start)
  for _, r in ipairs(ranges) do
    local last = merged[#merged]
    if last and r[1] <= last[2] then last[2] = math.max(last[2], r[2]) else merged[#merged + 1] = r end
  end
  if #merged > 0 then store_fired(job, merged) end
end
