#!lua
-- secrets/replace_key: another key seals from now on, because the key before it is lost.
-- ARGV: fingerprint of the lost key, of the new key.
-- Keys built inside: secret_key.
-- Returns OK | CHANGED.
local stored = redis.call('HGET', K.secret_key, 'id')
if stored == ARGV[2] then return 'OK' end
-- guard: test_key_that_is_not_the_lost_one_stays
if stored ~= ARGV[1] then return 'CHANGED' end
redis.call('HSET', K.secret_key, 'id', ARGV[2])
redis.call('HDEL', K.secret_key, 'previous')
return 'OK'
