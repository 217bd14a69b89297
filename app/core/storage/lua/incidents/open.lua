#!lua flags=allow-oom
-- incidents/open: Opens the incident of a cause, or adds a member to the one that is open.
-- needs: incidents
-- ARGV: key, member, kind, severity, subject, cause, job, since, data
--   job: '' for none; since: ms, or '' for now; data: JSON or ''.
-- Keys built inside: seq, incident, incidents, incidents_open, incidents_due, incidents_job, incident_jobs,
-- incident_members, incident_timeline.
-- Returns {OPENED | ADDED | SAME, id}; SAME: the member was in it already, and nothing changed.
return {ensure_incident(key, member, {kind = kind, severity = severity, subject = subject, cause = cause,
  job = job, since = tonumber(since), data = data}, now_ms())}
