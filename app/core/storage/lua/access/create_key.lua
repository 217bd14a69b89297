#!lua
-- access/create_key: stores an API key; a request that is sent again under its idempotency key makes no
-- second one.
-- needs: access
-- ARGV: key, its record (JSON), how many keys there may be, idempotency scope or '', body hash, '1' if an
-- admin is left in any case, then (key, record) of each admin key that would do.
-- Keys built inside: api_keys, idempotency, access_version.
-- Returns {OK | SAME | MISMATCH | FULL | NO_ADMIN, key}. SAME: the key was made before, by this or an earlier
-- request.
local id, scope = ARGV[1], ARGV[4]
-- guard: test_key_sent_again_is_one_key
if redis.call('HGET', K.api_keys, id) == ARGV[2] then return {'OK', id} end
local before = idempotent_answer(scope, ARGV[5])
if before then return before end
-- guard: test_only_admin_key_does_not_expire
if ARGV[6] ~= '1' and not admin_key_remains(7) then return {'NO_ADMIN', ''} end
if redis.call('HLEN', K.api_keys) >= tonumber(ARGV[3]) then return {'FULL', ''} end
redis.call('HSET', K.api_keys, id, ARGV[2])
store_idempotency_key(scope, ARGV[5], id)
access_changed()
return {'OK', id}
