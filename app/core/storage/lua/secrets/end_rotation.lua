#!lua flags=allow-oom
-- secrets/end_rotation: Ends a key rotation: everything is sealed by the new key.
-- ARGV: new_key, old_key
--   Both are fingerprints.
-- Keys built inside: secret_key.
-- Returns OK | CHANGED.
local h = redis.call('HMGET', K.secret_key, 'id', 'previous')
-- guard: test_rotation_of_another_key_is_not_ended
if h[1] ~= new_key then return 'CHANGED' end
if not h[2] then return 'OK' end
-- guard: test_rotation_of_another_key_is_not_ended
if h[2] ~= old_key then return 'CHANGED' end
redis.call('HSET', K.secret_key, 'rotated_at', now_ms())
redis.call('HDEL', K.secret_key, 'previous')
return 'OK'
