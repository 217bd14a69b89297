#!lua
-- secrets/begin_rotation: Begins a key rotation: another key seals, and the one before it stays valid until
-- the rotation ends.
-- needs: claims/restore_lock
-- ARGV: old_key, new_key
--   Both are fingerprints.
-- Keys built inside: secret_key, restore_lock.
-- Returns OK | BUSY | CHANGED. BUSY: a restore is active; CHANGED: another key seals, or another rotation is
-- active.
local h = redis.call('HMGET', K.secret_key, 'id', 'previous')
-- guard: test_rotation_begun_twice_is_one_rotation
if h[1] == new_key and h[2] == old_key then return 'OK' end
-- guard: test_rotation_of_another_key_is_refused
if h[1] ~= old_key or h[2] then return 'CHANGED' end
-- guard: test_rotation_waits_for_a_restore
if is_restoring() then return 'BUSY' end
redis.call('HSET', K.secret_key, 'id', new_key, 'previous', old_key)
return 'OK'
