#!lua flags=allow-oom
-- access/revoke_key: Deletes an API key and its sessions, but not the last admin key.
-- needs: access
-- ARGV: key, admin_left
-- ROW: ADMIN
--   admin_left: '1' if an admin key is left in any case. A row is another admin key that would be enough.
-- Keys built inside: api_keys, api_keys_used, sessions, sessions_key, session, access_version, notify.
-- Returns OK | MISSING | LAST_ADMIN.
if redis.call('HEXISTS', K.api_keys, key) == 0 then return 'MISSING' end
-- guard: test_last_admin_key_stays
if admin_left ~= '1' and not admin_key_remains(ROW.start) then return 'LAST_ADMIN' end
redis.call('HDEL', K.api_keys, key)
redis.call('HDEL', K.api_keys_used, key)
for _, session_id in ipairs(redis.call('ZRANGE', K.sessions_key .. key, 0, -1)) do
  drop_session(key, session_id)
end
access_changed()
return 'OK'
