#!lua flags=allow-oom
-- queue/resume: ends a pause, then gives the runs that it held their entries back, oldest first.
-- needs: events, pauses, lanes
-- ARGV: scope, id of the pause that the caller saw or '', actor, how many runs at most.
-- Keys built inside: pauses, pause_over, paused, run, ready, quarantine.
-- Returns {MORE | DONE | PAUSED, how many were given back}; MORE: call again. PAUSED: somebody has paused
-- anew.
local scope, seen, most = ARGV[1], ARGV[2], tonumber(ARGV[4])
local stored = redis.call('HGET', K.pauses, scope)
if stored then
  -- guard: test_a_resume_ends_no_later_pause
  if cjson.decode(stored).id ~= seen then return {'PAUSED', 0} end
  local kind, name = scope:match('^(%a+):?(.*)$')
  redis.call('HDEL', K.pauses, scope)
  redis.call('SET', K.pause_over .. seen, 1, 'EX', 600)
  event('queue.resumed', kind == 'job' and name or '', '', 0, 0,
    cjson.encode({scope = kind, name = name, actor = ARGV[3]}))
end

local function requeue_if_held(run)
  local h = read(run, 'status', 'waiting', 'lane', 'pri')
  if h.status ~= 'queued' or h.waiting ~= 'paused:' .. scope then return end
  requeue_held(run, h.lane or h.pri)
end

local page = redis.call('ZRANGE', K.paused .. scope, 0, most - 1)
for _, run in ipairs(page) do guarded(run, requeue_if_held, run) end
if #page > 0 then redis.call('ZREM', K.paused .. scope, unpack(page)) end
return {#page == most and 'MORE' or 'DONE', #page}
