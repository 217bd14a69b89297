#!lua flags=allow-oom
-- queue/pause: Pauses a scope: nothing of it is fired or claimed until `queue/resume`. Running runs continue.
-- needs: events
-- ARGV: scope, id, actor, reason, is_known
--   id: of this pause; is_known: '1' if the caller knows that the scope exists.
-- Keys built inside: pauses, pause_over, job, jobs_type.
-- Returns {PAUSED | OVER | MISSING, the pause as a text}, which is the first one. OVER: it was made and has
-- ended since.
local kind, name = scope:match('^(%a+):?(.*)$')
local stored = redis.call('HGET', K.pauses, scope)
-- guard: test_pausing_twice_is_one_pause
if stored then return {'PAUSED', stored} end
-- guard: test_a_pause_sent_again_after_its_end_pauses_nothing
if redis.call('EXISTS', K.pause_over .. id) == 1 then return {'OVER', ''} end
local known = is_known == '1' or kind == 'all'
if kind == 'job' then known = redis.call('EXISTS', K.job .. name) == 1 end
if kind == 'type' then known = known or redis.call('EXISTS', K.jobs_type .. name) == 1 end
-- guard: test_a_pause_of_what_does_not_exist_is_not_found
if not known then return {'MISSING', ''} end
local pause = cjson.encode({id = id, since = now_ms(), actor = actor, reason = reason})
redis.call('HSET', K.pauses, scope, pause)
event('queue.paused', kind == 'job' and name or '', '', 0, 0,
  cjson.encode({scope = kind, name = name, actor = actor, reason = reason}))
return {'PAUSED', pause}
