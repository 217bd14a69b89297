#!lua flags=allow-oom
-- queue/repair_entries: Creates lost ready entries of active runs again, a page at a time. The cursor is
-- stored in Redis, so that any scheduler continues after another one. A queued run without its entry gets
-- one. A running run whose entry is lost or not pending gets one that expires unless its worker renews it. A
-- run that a pause holds needs no entry until the pause is over.
-- needs: pauses, lanes, missing_entries
-- ARGV: step, page_size
--   step: begin (a new walk) | walk (continue it, if there is one) | net (the continuous walk).
-- Keys built inside: heal, runs_status, run, ready, pauses, paused, waiting, waiting_keys, waiting_lines,
-- quarantine.
-- Returns {MORE | DONE, repaired, looked at}.
local field, healed, delivered = step == 'net' and 'net' or 'walk', 0, {}
if step == 'begin' then redis.call('HSET', K.heal, 'walk', 'running:0', 'begun', now_ms(), 'healed', 0) end
local cursor = redis.call('HGET', K.heal, field) or (field == 'net' and 'running:0')
if not cursor then return {'DONE', 0, 0} end
local status, seq = cursor:match('^(%a+):(.+)$')
local page = redis.call('ZRANGEBYSCORE', K.runs_status .. status, '(' .. seq, '+inf', 'WITHSCORES', 'LIMIT',
  0, page_size)

local function is_pending(h)
  if not h.entry or not h.lane then return false end
  local ok, found = pcall(redis.call, 'XPENDING', K.ready .. h.lane, GROUP, h.entry, h.entry, 1)
  return ok and #found > 0
end

-- last_delivered: the newest entry of a lane that was given to any worker.
local function last_delivered(lane)
  if delivered[lane] then return delivered[lane] end
  delivered[lane] = '0-0'
  local ok, groups = pcall(redis.call, 'XINFO', 'GROUPS', K.ready .. lane)
  for _, g in ipairs(ok and groups or {}) do
    for i = 1, #g, 2 do
      if g[i] == 'last-delivered-id' and g[2] == GROUP then delivered[lane] = g[i + 1] end
    end
  end
  return delivered[lane]
end

local function is_after(entry, other)
  local a, b = entry:match('^(%d+)-(%d+)$')
  local c, d = other:match('^(%d+)-(%d+)$')
  a, b, c, d = tonumber(a), tonumber(b), tonumber(c), tonumber(d)
  return a > c or (a == c and b > d)
end

-- A stream that was made again within the same millisecond may have the id for another run.
local function has_entry(run, h)
  if not h.entry or not h.lane then return false end
  local found = redis.call('XRANGE', K.ready .. h.lane, h.entry, h.entry)[1]
  -- guard: test_heal_takes_no_entry_of_another_run_for_its_own
  return found ~= nil and found[2][2] == run
end

-- An entry that was delivered and is not pending was acknowledged by an operator: no worker gets it again.
local function is_ready(run, h)
  if not has_entry(run, h) then return false end
  if is_after(h.entry, last_delivered(h.lane)) or is_pending(h) then return true end
  -- guard: test_heal_replaces_an_entry_that_was_acknowledged_by_hand
  drop(h.lane, h.entry)
  return false
end

local function add_lapsing_entry(run, lane, lost)
  local key = K.ready .. lane
  -- A trimmed entry stays pending without its content.
  if lost then redis.pcall('XACK', key, GROUP, lost) end
  pcall(redis.call, 'XGROUP', 'CREATE', key, GROUP, '0', 'MKSTREAM')
  local entry = push(run, lane)
  redis.call('XCLAIM', key, GROUP, 'reclaim', 0, entry, 'JUSTID', 'FORCE')
end

-- The caller of `resume` may have died before its last page.
local function repair_held(run, scope, lane, at)
  if redis.call('HEXISTS', K.pauses, scope) == 1 then
    healed = healed + redis.call('ZADD', K.paused .. scope, at, run)
  else
    remove_held(run, scope)
    requeue_held(run, lane)
    healed = healed + 1
  end
end

local function repair_running(run, h)
  if has_entry(run, h) then
    pcall(redis.call, 'XGROUP', 'CREATE', K.ready .. h.lane, GROUP, '0', 'MKSTREAM')
    redis.call('XCLAIM', K.ready .. h.lane, GROUP, 'reclaim', 0, h.entry, 'JUSTID', 'FORCE')
  else
    add_lapsing_entry(run, h.lane or h.pri, h.entry)
  end
  healed = healed + 1
end

local function repair(run, at)
  local h = read(K.run .. run, 'status', 'entry', 'lane', 'pri', 'waiting')
  -- The directory of lanes may be lost without their streams.
  -- guard: test_heal_finds_a_lane_that_no_directory_names
  if h.lane and h.status == status then note_lane(h.lane) end
  local scope = h.waiting and pause_scope_in(h.waiting)
  if not h.status then
    -- guard: test_heal_takes_a_run_without_a_record_off_the_index
    redis.call('ZREM', K.runs_status .. status, run)
  elseif scope and h.status == 'queued' then
    repair_held(run, scope, h.lane or h.pri, at)
  elseif h.status == 'queued' and status == 'queued' and not h.waiting and not is_ready(run, h) then
    push(run, h.lane or h.pri)
    healed = healed + 1
  elseif h.status == 'running' and status == 'running' and not (is_pending(h) and has_entry(run, h)) then
    repair_running(run, h)
  end
end

for i = 1, #page, 2 do
  -- A run that can't be read leaves the index, else each walk would quarantine it again.
  if guarded(page[i], repair, page[i], page[i + 1]) == 'ERROR' then
    redis.call('ZREM', K.runs_status .. status, page[i])
  end
end

-- end_of_walk: stores the number of entries that are still missing, and the pause before the next walk.
local function end_of_walk()
  local h = redis.call('HMGET', K.heal, 'begun', 'healed')
  local now = now_ms()
  local pause = math.min(600000, 10 * math.max(0, now - (tonumber(h[1]) or now)))
  redis.call('HDEL', K.heal, 'walk')
  redis.call('HSET', K.heal, 'not_before', text(now + pause))
  if (tonumber(h[2]) or 0) == 0 then redis.call('HSET', K.heal, 'accepted', missing_entries() or 0) end
end

if field == 'walk' and healed > 0 then redis.call('HINCRBY', K.heal, 'healed', healed) end
local is_full = #page == 2 * page_size
local following = is_full and status .. ':' .. page[#page] or (status == 'running' and 'queued:0')
if following then redis.call('HSET', K.heal, field, following) end
if not following and field == 'walk' then end_of_walk() end
if not following and field == 'net' then redis.call('HDEL', K.heal, 'net') end
return {following and 'MORE' or 'DONE', healed, #page / 2}
