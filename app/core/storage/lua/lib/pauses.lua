-- needs: lanes
-- Pauses: a field of K.pauses a scope: `all`, `type:<type>`, `job:<job>`. A claim moves a paused run to the
-- set of its scope, where it has no entry and holds no place; the run's field `waiting` says so.
local any_paused, scopes_known = nil, {}

-- pause_scope_of: the narrowest scope that holds runs of a job; false where none does. While nothing is
-- paused this is one command a script, however many runs it treats.
local function pause_scope_of(job, type)
  if any_paused == nil then any_paused = redis.call('HLEN', K.pauses) > 0 end
  if not any_paused then return false end
  local id = job .. '|' .. type
  if scopes_known[id] == nil then
    local scopes = {'job:' .. job, 'type:' .. type, 'all'}
    local found = redis.call('HMGET', K.pauses, unpack(scopes))
    scopes_known[id] = found[1] and scopes[1] or found[2] and scopes[2] or found[3] and scopes[3] or false
  end
  return scopes_known[id]
end

local function hold_run(run, seq, scope)
  redis.call('ZADD', K.paused .. scope, seq, run)
  redis.call('HSET', K.run .. run, 'waiting', 'paused:' .. scope)
  redis.call('HDEL', K.run .. run, 'entry')
end

-- pause_scope_in: the scope that holds a run, from its field `waiting`; nil where it waits for a key.
local function pause_scope_in(waiting) return waiting:match('^paused:(.+)$') end

local function remove_held(run, scope) redis.call('ZREM', K.paused .. scope, run) end

-- requeue_held: a held run gets an entry in the lane that it was held from; another pause may hold it from
-- there.
local function requeue_held(run, lane)
  redis.call('HDEL', K.run .. run, 'waiting')
  push(run, lane)
end
