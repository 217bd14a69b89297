#!lua flags=allow-oom
-- access/end_session: forgets a session.
-- needs: access
-- ARGV: key, session.
-- Keys built inside: session, sessions, sessions_key, access_version.
-- Returns OK | MISSING.
if drop_session(ARGV[1], ARGV[2]) == 0 then return 'MISSING' end
access_changed()
return 'OK'
