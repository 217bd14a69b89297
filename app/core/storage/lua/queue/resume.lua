#!lua flags=allow-oom
-- queue/resume: Ends a pause, then creates entries for the runs that it held, oldest first.
-- needs: events, pauses, lanes
-- ARGV: scope, seen_id, actor, page_size
--   seen_id: the pause that the caller saw, or ''.
-- Keys built inside: pauses, pause_over, paused, run, ready, quarantine.
-- Returns {MORE | DONE | PAUSED, how many got entries}; MORE: call again. PAUSED: there is a later pause.
local most = tonumber(page_size)
local stored = redis.call('HGET', K.pauses, scope)
if stored then
  -- guard: test_a_resume_ends_no_later_pause
  if cjson.decode(stored).id ~= seen_id then return {'PAUSED', 0} end
  local kind, name = scope:match('^(%a+):?(.*)$')
  redis.call('HDEL', K.pauses, scope)
  redis.call('SET', K.pause_over .. seen_id, 1, 'EX', 600)
  event('queue.resumed', kind == 'job' and name or '', '', 0, 0,
    cjson.encode({scope = kind, name = name, actor = actor}))
end

local function requeue_if_held(run)
  local h = read(K.run .. run, 'status', 'waiting', 'lane', 'pri')
  if h.status ~= 'queued' or h.waiting ~= 'paused:' .. scope then return end
  requeue_held(run, h.lane or h.pri)
end

local page = redis.call('ZRANGE', K.paused .. scope, 0, most - 1)
for _, run in ipairs(page) do guarded(run, requeue_if_held, run) end
if #page > 0 then redis.call('ZREM', K.paused .. scope, unpack(page)) end
return {#page == most and 'MORE' or 'DONE', #page}
