#!lua flags=allow-oom
-- heal: makes the ready streams hold again what the records say, after a stream or its group was lost.
-- A queued run without its entry gets one; a running run whose entry nobody has pending gets one that
-- lapses unless its worker renews it. A run that a pause holds needs none, unless the pause is over.
-- needs: read, pauses, shield
-- ARGV: queued | running, start behind this seq, how many.
-- Keys built inside: runs_status, run, ready, pauses, paused, quarantine.
-- Returns {healed, seq to go on from or ''}.
local page = redis.call('ZRANGEBYSCORE', K.runs_status .. ARGV[1], '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local healed = 0

local function has_entry(h)
  if not h.entry or not h.lane then return false end
  return #redis.call('XRANGE', K.ready .. h.lane, h.entry, h.entry) > 0
end

local function is_pending(h)
  if not h.entry or not h.lane then return false end
  local ok, found = pcall(redis.call, 'XPENDING', K.ready .. h.lane, GROUP, h.entry, h.entry, 1)
  return ok and #found > 0
end

local function hold(run, lane)
  local key = K.ready .. lane
  pcall(redis.call, 'XGROUP', 'CREATE', key, GROUP, '0', 'MKSTREAM')
  local entry = push(run, lane)
  redis.call('XCLAIM', key, GROUP, 'reclaim', 0, entry, 'JUSTID', 'FORCE')
end

-- Whoever ended a pause may have died before its last page.
local function heal_held(run, scope, lane, seq)
  if redis.call('HEXISTS', K.pauses, scope) == 1 then
    healed = healed + redis.call('ZADD', K.paused .. scope, seq, run)
  else
    leave_pause(run, scope)
    put_back(run, lane)
    healed = healed + 1
  end
end

local function heal(run, seq)
  local h = read(run, 'status', 'entry', 'lane', 'pri', 'waiting')
  local scope = h.waiting and holder_of(h.waiting)
  if scope and h.status == 'queued' then
    heal_held(run, scope, h.lane or h.pri, seq)
  elseif h.status == 'queued' and ARGV[1] == 'queued' and not h.waiting and not has_entry(h) then
    push(run, h.lane or h.pri)
    healed = healed + 1
  elseif h.status == 'running' and ARGV[1] == 'running' and not is_pending(h) then
    if has_entry(h) then
      pcall(redis.call, 'XGROUP', 'CREATE', K.ready .. h.lane, GROUP, '0', 'MKSTREAM')
      redis.call('XCLAIM', K.ready .. h.lane, GROUP, 'reclaim', 0, h.entry, 'JUSTID', 'FORCE')
    else
      hold(run, h.lane or h.pri)
    end
    healed = healed + 1
  end
end

for i = 1, #page, 2 do
  -- What can't be read leaves the index, else each round would quarantine it again.
  if shielded(page[i], heal, page[i], page[i + 1]) == 'ERROR' then redis.call('ZREM', K.runs_status .. ARGV[1], page[i]) end
end
return {healed, #page == 2 * ARGV[3] and page[#page] or ''}
