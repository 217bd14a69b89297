-- needs: events, incidents
-- The slots of a job: the ledger of those that made no run, and the ranges of those that fired.
-- report_missed: slots that were missed are one incident for all jobs, because they have one cause: the
-- platform was away, or its clock went back.
local function report_missed(job, first, last, slots, reason, now)
  local cause = texts.message('{slots} slots did not run: the platform was away.', {slots = slots})
  if reason == 'clock_went_back' then
    cause = texts.message('{slots} slots were not repeated: the clock of Redis went back.', {slots = slots})
  end
  -- guard: test_missed_slots_of_all_jobs_are_one_incident
  open_incident('slots:missed', 'job:' .. job, {kind = 'slots_missed', severity = 'warning', subject = job,
    cause = cause, job = job, since = tonumber(first),
    data = cjson.encode({first = tonumber(first), last = tonumber(last), slots = tonumber(slots),
      reason = reason})}, now)
end

-- record_skipped: stores slots that did not run, as a range. A range that begins behind the last one extends
-- it. An entry is `first|last|slots|reason|recorded`.
local function record_skipped(job, first, last, slots, reason, previous, now)
  local key = K.ledger .. job
  local newest = redis.call('LINDEX', key, -1)
  local a, b, n, why = (newest or ''):match('^(%d+)|(%d+)|(%d+)|([^|]+)|')
  local missed = reason == 'missed' or reason == 'clock_went_back'
  if missed then report_missed(job, first, last, slots, reason, now) end
  if why == reason and previous and previous ~= '' and b == previous then
    redis.call('LSET', key, -1, a .. '|' .. last .. '|' .. (n + slots) .. '|' .. reason .. '|' .. now)
    return
  end
  redis.call('RPUSH', key, first .. '|' .. last .. '|' .. slots .. '|' .. reason .. '|' .. now)
  redis.call('LTRIM', key, -1000, -1)
  event(missed and 'schedule.missed' or 'schedule.skipped', job, '', 0, 0,
    '{"first":' .. first .. ',"last":' .. last .. ',"slots":' .. slots .. ',"reason":"' .. reason .. '"}')
end

-- The slots of a job that fired, as at most 16 ranges `a-b,c-d`, so that no slot fires again after its run
-- was purged. Adjacent slots are merged; beyond 16 the two oldest ranges become one.
local function fired_ranges(job)
  local ranges = {}
  for a, b in (redis.call('GET', K.fired .. job) or ''):gmatch('(%d+)%-(%d+)') do
    ranges[#ranges + 1] = {tonumber(a), tonumber(b)}
  end
  return ranges
end

local function has_fired(ranges, slot)
  for _, r in ipairs(ranges) do
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

-- record_fired: adds a slot to the ranges of a job, which the caller has read in the same script.
local function record_fired(job, ranges, slot, previous)
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
