#!lua flags=allow-oom
-- queue/pause: nothing of a scope is fired or claimed until `resume`; what runs goes on.
-- needs: events
-- ARGV: scope, id of this pause, actor, reason, '1' where the caller knows that there is such a scope.
-- Keys built inside: pauses, pause_over, job, jobs_type.
-- Returns {PAUSED | OVER | MISSING, the pause as a text}; that of whoever came first. OVER: it was made and
-- has ended since.
local scope, id = ARGV[1], ARGV[2]
local kind, name = scope:match('^(%a+):?(.*)$')
local stored = redis.call('HGET', K.pauses, scope)
-- guard: test_pausing_twice_is_one_pause
if stored then return {'PAUSED', stored} end
-- guard: test_a_pause_sent_again_after_its_end_pauses_nothing
if redis.call('EXISTS', K.pause_over .. id) == 1 then return {'OVER', ''} end
local known = ARGV[5] == '1' or kind == 'all'
if kind == 'job' then known = redis.call('EXISTS', K.job .. name) == 1 end
if kind == 'type' then known = known or redis.call('EXISTS', K.jobs_type .. name) == 1 end
-- guard: test_a_pause_of_what_does_not_exist_is_not_found
if not known then return {'MISSING', ''} end
local pause = cjson.encode({id = id, since = now_ms(), actor = ARGV[3], reason = ARGV[4]})
redis.call('HSET', K.pauses, scope, pause)
event('queue.paused', kind == 'job' and name or '', '', 0, 0,
  cjson.encode({scope = kind, name = name, actor = ARGV[3], reason = ARGV[4]}))
return {'PAUSED', pause}
