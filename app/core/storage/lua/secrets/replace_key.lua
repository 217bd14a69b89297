#!lua
-- secrets/replace_key: Makes another key the sealing key, because the key before it is lost.
-- ARGV: lost_key, new_key
--   Both are fingerprints.
-- Keys built inside: secret_key.
-- Returns OK | CHANGED.
local stored = redis.call('HGET', K.secret_key, 'id')
if stored == new_key then return 'OK' end
-- guard: test_key_that_is_not_the_lost_one_stays
if stored ~= lost_key then return 'CHANGED' end
redis.call('HSET', K.secret_key, 'id', new_key)
redis.call('HDEL', K.secret_key, 'previous')
return 'OK'
