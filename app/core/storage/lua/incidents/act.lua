#!lua flags=allow-oom
-- incidents/act: A person acknowledges or silences an incident, or writes a comment.
-- needs: incidents
-- ARGV: incident, act_id, what, by, silent_until, words
--   act_id: the same for a repeat; what: acknowledged | silenced | comment | remedied; silent_until: ms, of a
--   silence; words: of a comment, or ''.
-- Keys built inside: incident, incidents_due, incident_jobs, incident_timeline.
-- Returns OK | NOT_FOUND | CLOSED.
local now, key = now_ms(), K.incident .. incident
local h = read(key, 'seq', 'kind', 'severity', 'subject', 'closed', 'act')
if not h.seq then return 'NOT_FOUND' end
-- guard: test_an_act_that_is_sent_again_is_done_once
if h.act == act_id then return 'OK' end
if h.closed and what ~= 'comment' and what ~= 'remedied' then return 'CLOSED' end
redis.call('HSET', key, 'act', act_id)
if what == 'acknowledged' then redis.call('HSET', key, 'acknowledged', text(now), 'acknowledged_by', by) end
if what == 'silenced' then
  redis.call('HSET', key, 'silenced', silent_until)
  -- A shorter silence than before ends earlier.
  redis.call('ZADD', K.incidents_due, 'LT', now, incident)
end
note_incident(incident, what, by, words, now)
incident_event('updated', incident, h, redis.call('ZRANGE', K.incident_jobs .. incident, 0, 0)[1])
return 'OK'
