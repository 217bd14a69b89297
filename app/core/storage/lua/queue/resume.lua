#!lua flags=allow-oom
-- queue/resume: Ends a pause, then creates entries for the runs that it held, oldest first.
-- needs: events, pauses, lanes
-- ARGV: scope, seen_id, actor, page_size, only_over?
--   seen_id: the pause that the caller saw, or ''; only_over: '1' to end any pause whose end has come, and no
--   other.
-- Keys built inside: pauses, pause_ends, pause_over, paused, run, ready, quarantine.
-- Returns {MORE | DONE | PAUSED, how many got entries}; MORE: call again. PAUSED: there is a later pause.
local most = tonumber(page_size)
local stored = redis.call('HGET', K.pauses, scope)
if stored then
  local pause = cjson.decode(stored)
  if only_over == '1' then
    -- guard: test_a_pause_that_was_extended_lasts_on
    if not pause.ends or now_ms() < pause.ends then return {'PAUSED', 0} end
  end
  -- guard: test_a_resume_ends_no_later_pause
  if only_over ~= '1' and pause.id ~= seen_id then return {'PAUSED', 0} end
  local kind, name = scope:match('^(%a+):?(.*)$')
  redis.call('HDEL', K.pauses, scope)
  redis.call('ZREM', K.pause_ends, scope)
  redis.call('SET', K.pause_over .. pause.id, 1, 'EX', 600)
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
