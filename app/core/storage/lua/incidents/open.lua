#!lua flags=allow-oom
-- incidents/open: Opens the incident of a cause, or adds a member to the one that is open.
-- needs: incidents
-- ARGV: key, member, kind, severity, subject, cause, job, since, data
--   job: '' for none; since: ms, or '' for now; data: JSON or ''.
-- Keys built inside: seq, incident, incidents, incidents_open, incidents_due, incidents_job, incident_jobs,
-- incident_members, incident_timeline.
-- Returns {OPENED | ADDED | SAME, id}; SAME: the member was in it already, and nothing changed.
local now = now_ms()
local id = redis.call('HGET', K.incidents_open, key)
-- guard: test_an_incident_that_is_opened_again_is_the_same
if id and redis.call('SISMEMBER', K.incident_members .. id, member) == 1 then
  if redis.call('HGET', K.incident .. id, 'cause') ~= cause then
    redis.call('HSET', K.incident .. id, 'cause', cause, 'last', text(now))
  end
  return {'SAME', id}
end
local of = {kind = kind, severity = severity, subject = subject, cause = cause, job = job,
  since = tonumber(since), data = data}
return {id and 'ADDED' or 'OPENED', open_incident(key, member, of, now)}
