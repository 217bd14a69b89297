#!lua flags=allow-oom
-- access/revoke_key: removes an API key and its sessions; the last admin key only if ARGV allows it.
-- needs: access
-- ARGV: key, '1' if an admin is left in any case, then (key, record) of each other admin key that would do.
-- Keys built inside: api_keys, api_keys_used, sessions, sessions_key, session, access_version.
-- Returns OK | MISSING | LAST_ADMIN.
if redis.call('HEXISTS', K.api_keys, ARGV[1]) == 0 then return 'MISSING' end
-- guard: test_last_admin_key_stays
if ARGV[2] ~= '1' and not admin_key_remains(3) then return 'LAST_ADMIN' end
redis.call('HDEL', K.api_keys, ARGV[1])
redis.call('HDEL', K.api_keys_used, ARGV[1])
for _, session_id in ipairs(redis.call('ZRANGE', K.sessions_key .. ARGV[1], 0, -1)) do
  drop_session(ARGV[1], session_id)
end
access_changed()
return 'OK'
