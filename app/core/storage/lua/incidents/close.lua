#!lua flags=allow-oom
-- incidents/close: A member of a cause is good again; the last one closes the incident.
-- needs: incidents
-- ARGV: key, member, by, words
--   member: '' for all; words: for people, or ''.
-- Keys built inside: incident, incidents, incidents_open, incidents_due, incident_jobs, incident_members,
-- incident_timeline.
-- Returns the id of the incident if it closed, else ''.
return close_incident(key, member ~= '' and member or nil, now_ms(), by, words) or ''
