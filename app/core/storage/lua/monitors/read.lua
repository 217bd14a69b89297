#!lua flags=no-writes
-- monitors/read: Reads monitors, and what was stored about them from a quarter hour and a day on.
-- needs: monitors/awake
-- ARGV: last_quarter, last_day
-- ROW: job, first_quarter, first_day
--   Quarter hours and days since 1970. A first that is later than the last reads none.
-- Keys built inside: awake, monitor, monitors, job, monitor_quarters, monitor_latency, monitor_days, ping,
-- pings_due.
-- Returns for each its hash, then of its job `enabled` and `off`, its seq among the monitors, the time by
-- state and the latencies of each quarter hour, the time by state of each day, the beginnings and ends of the
-- stops since its last check, and when its ping is late without these. '' is what is not stored.
local answers, QUARTERS_A_DAY, now = {}, 96, now_ms()

local function fields_of(key, first, last, found)
  local names = {}
  for name = first, last do names[#names + 1] = name end
  if #names == 0 then return end
  for _, value in ipairs(redis.call('HMGET', key, unpack(names))) do found[#found + 1] = value or '' end
end

local function quarters_of(prefix, first, last)
  local found = {}
  for day = math.floor(first / QUARTERS_A_DAY), math.floor(last / QUARTERS_A_DAY) do
    local start = day * QUARTERS_A_DAY
    local stop = math.min(last - start, QUARTERS_A_DAY - 1)
    fields_of(prefix .. text(day), math.max(first - start, 0), stop, found)
  end
  return found
end

local function read_monitor(job, first, first_day)
  local hash = redis.call('HGETALL', K.monitor .. job)
  local own = redis.call('HMGET', K.job .. job, 'enabled', 'off')
  local days, last = {}, tonumber(last_quarter)
  fields_of(K.monitor_days .. job, first_day, tonumber(last_day), days)
  local stops, late = {}, ''
  local seen = redis.call('HGET', K.monitor .. job, 'seen')
  for _, stop in ipairs(seen and awake.stops_within(tonumber(seen), now) or {}) do
    stops[#stops + 1] = stop.from
    stops[#stops + 1] = stop.to
  end
  local wait = #stops > 0 and awake.read_wait(job)
  -- guard: test_a_list_after_a_stop_shows_no_late_heartbeat
  if wait and awake.pass_stops(wait, now) then late = wait.due end
  return {hash, own[1] or '', own[2] or '', redis.call('ZSCORE', K.monitors, job) or '',
    quarters_of(K.monitor_quarters .. job .. ':', first, last),
    quarters_of(K.monitor_latency .. job .. ':', first, last), days, stops, late}
end

for at = ROW.start, #ARGV - 1, ROW.width do
  answers[#answers + 1] = read_monitor(ARGV[at + ROW.job], tonumber(ARGV[at + ROW.first_quarter]),
    tonumber(ARGV[at + ROW.first_day]))
end
return answers
