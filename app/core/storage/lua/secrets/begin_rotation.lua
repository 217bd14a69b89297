#!lua
-- secrets/begin_rotation: from now on another key seals; the one before it stays valid until the rotation
-- ends.
-- ARGV: fingerprint of the key that seals, of the new key.
-- Keys built inside: secret_key, restore_lock.
-- Returns OK | BUSY | CHANGED. BUSY: a restore is under way; CHANGED: another key seals, or another rotation
-- runs.
local h = redis.call('HMGET', K.secret_key, 'id', 'previous')
-- guard: test_rotation_begun_twice_is_one_rotation
if h[1] == ARGV[2] and h[2] == ARGV[1] then return 'OK' end
-- guard: test_rotation_of_another_key_is_refused
if h[1] ~= ARGV[1] or h[2] then return 'CHANGED' end
-- guard: test_rotation_waits_for_a_restore
if redis.call('EXISTS', K.restore_lock) == 1 then return 'BUSY' end
redis.call('HSET', K.secret_key, 'id', ARGV[2], 'previous', ARGV[1])
return 'OK'
