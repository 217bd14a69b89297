-- needs: slots
-- Pauses: K.pauses has a field for each scope: `all`, `queue:<queue>`, `type:<type>`, `job:<job>`. A claim
-- moves a paused run to the set of its scope. There it has no entry and no slot, and its field `waiting` is
-- `paused:<scope>`.
-- A pause with an end has no effect from then on, even if no scheduler has removed it yet.
-- each call: any_paused, scopes_known = nil, {}

local function narrowest(scopes, instant)
  for _, each in ipairs(scopes) do
    if not each.ends or instant < each.ends then return each.scope end
  end
  return false
end

-- pause_scope_of: the narrowest scope that pauses a job at an instant, by default now; false if there is
-- none. While nothing is paused this is one command for each script, for any number of runs.
local function pause_scope_of(job, type, lane, instant)
  if any_paused == nil then any_paused = redis.call('HLEN', K.pauses) > 0 end
  if not any_paused then return false end
  -- Without a lane (what no worker runs) the pause of a queue does not count.
  local queue = lane and queue_of(lane) or ''
  local id = job .. '|' .. type .. '|' .. queue
  if scopes_known[id] == nil then
    local scopes, known = {'job:' .. job, 'type:' .. type, 'queue:' .. queue, 'all'}, {}
    local found = redis.call('HMGET', K.pauses, unpack(scopes))
    for i, scope in ipairs(scopes) do
      if found[i] then known[#known + 1] = {scope = scope, ends = cjson.decode(found[i]).ends} end
    end
    scopes_known[id] = known
  end
  local known = scopes_known[id]
  return #known > 0 and narrowest(known, instant or now_ms())
end

local function hold_run(run, seq, scope)
  redis.call('ZADD', K.paused .. scope, seq, run)
  redis.call('HSET', K.run .. run, 'waiting', 'paused:' .. scope)
  redis.call('HDEL', K.run .. run, 'entry')
end

-- pause_scope_in: the scope that holds a run, from its field `waiting`; nil if it waits for a key.
local function pause_scope_in(waiting) return waiting:match('^paused:(.+)$') end

local function remove_held(run, scope) redis.call('ZREM', K.paused .. scope, run) end

-- requeue_held: adds a held run to the lane that it was held from. Another pause may hold it again.
local function requeue_held(run, lane)
  redis.call('HDEL', K.run .. run, 'waiting')
  local h = read(K.run .. run, 'seq', 'job', 'overlap', 'key')
  enter_lane(run, lane, h.seq, h.job, h.overlap, h.key)
end
