-- Awake: the intervals in which processes of the platform ran, oldest first. Each is `from|at|until`: its
-- first and last note, and until when it goes on without another note. Time between two intervals is a stop:
-- the machine slept, or nothing ran. Time before the first interval counts as awake.
local awake = {}

do
  local AWAKE_MS, NOTE_MS, MAX_STEP_MS, AWAKE_INTERVALS = 15000, 1000, 1000, 1000

  local function parse_interval(stored)
    local from, at, ends = stored:match('^(%d+)|(%d+)|(%d+)$')
    return {from = tonumber(from), at = tonumber(at), ends = tonumber(ends)}
  end

  local function read_interval(i)
    local stored = redis.call('LINDEX', K.awake, i)
    return stored and parse_interval(stored)
  end

  local function interval_text(from, at, ends) return text(from) .. '|' .. text(at) .. '|' .. text(ends) end

  -- stops_within: the stops in a time, oldest first; the last one may still go on. One that has no length is
  -- a step of the clock.
  function awake.stops_within(from, to)
    local stops, interval, i = {}, read_interval(-1), -1
    if not interval then return stops end
    if to > interval.ends then stops[1] = {from = math.max(from, interval.at), to = to} end
    while interval and interval.from > from do
      i = i - 1
      local before = read_interval(i)
      local stop = before and {from = math.max(from, before.at), to = math.min(to, interval.from)}
      if stop and stop.from < to and stop.from <= stop.to then table.insert(stops, 1, stop) end
      interval = before
    end
    return stops
  end

  function awake.asleep_ms(from, to)
    local total = 0
    for _, stop in ipairs(awake.stops_within(from, to)) do total = total + stop.to - stop.from end
    return total
  end

  -- due_of: when a ping is late. Each stop starts the wait again, because a ping may have been lost. After
  -- twice the wait, stops left out, it is late even so.
  local function due_of(wait) return wait.waits + math.min(wait.length, 2 * wait.length - wait.watched) end

  -- read_wait: the wait for the next ping of a heartbeat; nil if there is none. `waits`: its beginning;
  -- `watched`: how long the ping was waited for before that; `length`: the period and its grace.
  function awake.read_wait(job)
    local wait = read(K.monitor .. job, 'due', 'waits', 'watched', 'length', 'seen')
    for name, value in pairs(wait) do wait[name] = tonumber(value) end
    if not wait.due then return nil end
    -- An earlier version stores `due` alone.
    -- guard: test_a_ping_that_an_earlier_version_took_is_waited_for
    if not (wait.waits and wait.watched and wait.length) or wait.due ~= due_of(wait) then
      wait.waits, wait.watched = math.min(wait.seen or wait.due, wait.due - 1), 0
      wait.length = wait.due - wait.waits
    end
    return wait
  end

  -- pass_stops: starts a wait again after each stop in it. Returns whether there was one.
  function awake.pass_stops(wait, now)
    local passed = false
    for _, stop in ipairs(awake.stops_within(wait.waits, now)) do
      if stop.from >= wait.due then break end
      wait.watched, wait.waits, passed = wait.watched + stop.from - wait.waits, stop.to, true
      wait.due = due_of(wait)
    end
    return passed
  end

  function awake.store_wait(job, wait)
    wait.due = due_of(wait)
    redis.call('ZADD', K.pings_due, wait.due, job)
    redis.call('HSET', K.monitor .. job, 'due', text(wait.due), 'waits', text(wait.waits), 'watched',
      text(wait.watched), 'length', text(wait.length))
  end

  local function move_back(key, names, by)
    for i, value in ipairs(redis.call('HMGET', key, unpack(names))) do
      local instant = tonumber(value or '')
      if instant then redis.call('HSET', key, names[i], text(math.max(0, instant - by))) end
    end
  end

  -- step_back: the clock went back. The instants of all present states go back with it, so that no state
  -- lasts until the clock has passed them, and no second is counted twice.
  local function step_back(by)
    local stored = redis.call('LRANGE', K.awake, 0, -1)
    redis.call('DEL', K.awake)
    for _, each in ipairs(stored) do
      local interval = parse_interval(each)
      local at = math.max(0, interval.at - by)
      redis.call('RPUSH', K.awake, interval_text(math.max(0, interval.from - by), at, at))
    end
    for _, job in ipairs(redis.call('ZRANGE', K.monitors, 0, -1)) do
      move_back(K.monitor .. job, {'since', 'seen', 'checked', 'failing', 'due', 'waits'}, by)
      move_back(K.ping .. job, {'at', 'started'}, by)
      local due = redis.call('ZSCORE', K.pings_due, job)
      if due then redis.call('ZADD', K.pings_due, math.max(0, due - by), job) end
    end
  end

  -- note: the platform runs now. Each script that stores a state calls it first.
  function awake.note(now, lasts_ms)
    local last = read_interval(-1)
    local stepped = last and last.at > now + MAX_STEP_MS
    -- guard: test_a_monitor_follows_its_checks_after_the_clock_went_back
    if stepped then step_back(last.at - now) end
    local ends = now + math.max(AWAKE_MS, lasts_ms or 0)
    if last and now <= last.ends and not stepped then
      if math.max(now - last.at, ends - last.ends) >= NOTE_MS then
        local at, longest = math.max(now, last.at), math.max(ends, last.ends)
        redis.call('LSET', K.awake, -1, interval_text(last.from, at, longest))
      end
      return
    end
    redis.call('RPUSH', K.awake, interval_text(now, now, ends))
    redis.call('LTRIM', K.awake, -AWAKE_INTERVALS, -1)
  end

  -- note_restored: this platform did not watch what a restored record was seen to be, until it first ran.
  function awake.note_restored(seen)
    local first = read_interval(0)
    if first and first.from == 0 then
      if seen > first.at then redis.call('LSET', K.awake, 0, interval_text(0, seen, seen)) end
    elseif not first or first.from > seen then
      redis.call('LPUSH', K.awake, interval_text(0, seen, seen))
    end
  end
end
