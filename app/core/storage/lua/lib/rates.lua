-- Rates: at most so many starts of a key in any 60 seconds, by the clock of Redis. The name of a rate is
-- `rate:<key>` or `rate:<key>/<group>`; K.limits has the number for `rate:<key>`. K.starts has the instants
-- of the starts in the last 60 seconds. The holders of the name are runs that may start and have not yet:
-- they count too, so no more runs enter the lanes than may start.
local WINDOW_MS, BETWEEN_WAKES_MS, REMEMBERED_MS = 60000, 50, 120000

local function is_rate(name) return name:sub(1, 5) == 'rate:' end

-- limit_text: the field of K.limits for a name. All groups of a key share it.
local function limit_text(name) return redis.call('HGET', K.limits, name:match('^[^/]+')) end

-- share_of: the part of a limit that this shard may use. A scheduler moves parts between shards, so that they
-- never sum to more than the limit. A shard without one waits for it.
local function share_of(name)
  if SHARDS == 1 then return math.huge end
  local share = redis.call('HGET', K.limit_shares, name:match('^[^/]+'))
  return share and tonumber(share:match('^%d+')) or 0
end

-- rate_limit: how many starts in 60 seconds this shard may have; nil if no job names the rate any more.
local function rate_limit(name)
  local limit = tonumber(limit_text(name) or nil)
  -- guard: test_shares_of_a_rate_sum_to_it
  return limit and math.min(limit, share_of(name))
end

local function drop_starts_until(key, instant)
  for _, size in ipairs({1024, 32, 1}) do
    while tonumber(redis.call('LINDEX', key, size - 1) or instant + 1) <= instant do
      redis.call('LTRIM', key, size, -1)
    end
  end
end

-- restart_window: the clock went back. All starts count as starts of this instant, so the rate stays exact
-- and is full for 60 seconds at most.
local function restart_window(key, now)
  local left = redis.call('LLEN', key)
  redis.call('DEL', key)
  while left > 0 do
    local part = {}
    for i = 1, math.min(left, 4000) do part[i] = text(now) end
    redis.call('RPUSH', key, unpack(part))
    left = left - #part
  end
  redis.call('PEXPIRE', key, REMEMBERED_MS)
end

-- recent_starts: returns how many starts the last 60 seconds have, and the first of them.
local function recent_starts(name, now)
  local key = K.starts .. name
  local newest = tonumber(redis.call('LINDEX', key, -1) or nil)
  if not newest then return 0 end
  -- guard: test_a_rate_holds_if_the_clock_goes_back
  if newest > now then restart_window(key, now) end
  drop_starts_until(key, now - WINDOW_MS)
  return redis.call('LLEN', key), tonumber(redis.call('LINDEX', key, 0) or nil)
end

-- rate_has_room: `is_granted` if the run is the next of those that wait for the rate.
local function rate_has_room(name, is_granted)
  local limit = rate_limit(name)
  -- No job names the rate any more.
  if not limit then return true end
  -- guard: test_a_new_run_does_not_overtake_those_that_wait_for_a_rate
  if not is_granted and redis.call('EXISTS', K.waiting_lines .. name) == 1 then return false end
  return recent_starts(name, now_ms()) + redis.call('SCARD', K.holders .. name) < limit
end

-- may_start: a run that was let into its lane starts only if the rate still has room: it may be lower by now.
local function may_start(name)
  local limit = rate_limit(name)
  return not limit or recent_starts(name, now_ms()) < limit
end

-- plan_wake: stores when the runs that wait for a rate are to be looked at: now if it has room, else when its
-- first start leaves the window. Without a start, runs in the lanes have to start or to end first.
local function plan_wake(name, now)
  local _, first = recent_starts(name, now)
  local is_awaited = redis.call('EXISTS', K.waiting_lines .. name) == 1
  local has_room = is_awaited and rate_has_room(name, true)
  if not is_awaited or not (has_room or first) then
    redis.call('ZREM', K.rate_wakes, name)
    return
  end
  local due = has_room and now or math.max(first + WINDOW_MS, now + BETWEEN_WAKES_MS)
  local head = redis.call('ZRANGE', K.rate_wakes, 0, 0, 'WITHSCORES')[2]
  redis.call('ZADD', K.rate_wakes, due, name)
  if not head or due < tonumber(head) then redis.call('PUBLISH', K.wake, 'delayed') end
end

local function plan_wake_once(name)
  if not redis.call('ZSCORE', K.rate_wakes, name) then plan_wake(name, now_ms()) end
end

-- note_start: counts the start of a run for its rate. Nothing takes it back: a crash, a retry and a release
-- are starts as well.
local function note_start(run, names, now)
  local name = names[#names]
  if not name or not is_rate(name) then return end
  redis.call('SREM', K.holders .. name, run)
  redis.call('RPUSH', K.starts .. name, text(now))
  redis.call('PEXPIRE', K.starts .. name, REMEMBERED_MS)
  plan_wake_once(name)
end
