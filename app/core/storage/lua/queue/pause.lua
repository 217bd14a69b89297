#!lua flags=allow-oom
-- queue/pause: Pauses a scope: nothing of it is fired or claimed until `queue/resume`, or until its end.
-- Running runs continue. A scope that is paused already keeps its pause, with the end of the later call: none
-- if that is for good.
-- needs: events
-- ARGV: scope, id, actor, reason, is_known, ends_at?
--   id: of this pause; is_known: '1' if the caller knows that the scope exists.
-- Keys built inside: pauses, pause_ends, pause_over, job, jobs_type, queues.
-- Returns {PAUSED | KEPT | OVER | MISSING, the pause as a text}. KEPT: it was so already. OVER: it was made
-- and has ended since.
local kind, name = scope:match('^(%a+):?(.*)$')
local stored = redis.call('HGET', K.pauses, scope)
local ends = tonumber(ends_at or '')

local function store(pause)
  local text = cjson.encode(pause)
  redis.call('HSET', K.pauses, scope, text)
  if ends then
    redis.call('ZADD', K.pause_ends, ends, scope)
  else
    redis.call('ZREM', K.pause_ends, scope)
  end
  event('queue.paused', kind == 'job' and name or '', '', 0, 0,
    cjson.encode({scope = kind, name = name, actor = actor, reason = pause.reason, ends = ends}))
  return {'PAUSED', text}
end

local pause = stored and cjson.decode(stored)
-- guard: test_a_pause_after_the_end_of_another_is_a_new_one
if pause and pause.ends and pause.ends <= now_ms() then
  redis.call('SET', K.pause_over .. pause.id, 1, 'EX', 600)
  pause = nil
end
-- guard: test_a_pause_sent_again_after_its_end_pauses_nothing
if redis.call('EXISTS', K.pause_over .. id) == 1 then return {'OVER', ''} end
if pause then
  -- guard: test_pausing_twice_is_one_pause
  if pause.ends == ends then return {'KEPT', stored} end
  pause.ends = ends
  return store(pause)
end
local known = is_known == '1' or kind == 'all'
if kind == 'job' then known = redis.call('EXISTS', K.job .. name) == 1 end
if kind == 'type' then known = known or redis.call('EXISTS', K.jobs_type .. name) == 1 end
if kind == 'queue' then
  known = known or name == 'default' or redis.call('SISMEMBER', K.queues, name) == 1
end
-- guard: test_a_pause_of_what_does_not_exist_is_not_found
if not known then return {'MISSING', ''} end
return store({id = id, since = now_ms(), actor = actor, reason = reason, ends = ends})
