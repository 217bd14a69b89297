#!lua flags=allow-oom
-- access/end_session: Deletes a session.
-- needs: access
-- ARGV: key, session
-- Keys built inside: session, sessions, sessions_key, access_version, notify.
-- Returns OK | MISSING.
if drop_session(key, session) == 0 then return 'MISSING' end
access_changed()
return 'OK'
