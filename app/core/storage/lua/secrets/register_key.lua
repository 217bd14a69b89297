#!lua flags=allow-oom
-- secrets/register_key: Stores the fingerprint of the key that seals this namespace's secrets, once.
-- ARGV: fingerprint
--   fingerprint: of the caller's key, for a namespace that has none.
-- Keys built inside: secret_key.
-- Returns the fingerprint of the key that seals, and that of the previous key, '' if no rotation is active.
-- guard: test_first_key_of_a_deployment_is_registered_once
redis.call('HSETNX', K.secret_key, 'id', fingerprint)
local stored = redis.call('HMGET', K.secret_key, 'id', 'previous')
return {stored[1], stored[2] or ''}
