#!lua
-- access/create_key: Stores an API key. A request that is repeated under its idempotency key creates no
-- second one.
-- needs: access
-- ARGV: key, record, max_keys, scope, body_hash, admin_left, version, holder
-- ROW: ADMIN
--   record: JSON; scope: of the idempotency key, or ''; admin_left: '1' if an admin key is left in any case.
--   A row is an admin key that would be enough, as the caller read it.
--   version: of the keys as the caller read them; holder: the usable key that has the name, or ''.
-- Keys built inside: api_keys, idempotency, access_version, notify.
-- Returns {OK | SAME | MISMATCH | CHANGED | TAKEN | FULL | NO_ADMIN, key}. SAME: this or an earlier request
-- created the key. CHANGED: the keys are not those that were read. TAKEN: the holder has the name.
-- guard: test_key_sent_again_is_one_key
if redis.call('HGET', K.api_keys, key) == record then return {'OK', key} end
local before = idempotent_answer(scope, body_hash)
if before then return before end
-- guard: test_of_two_keys_with_one_name_made_at_once_one_is_refused
if (redis.call('GET', K.access_version) or '') ~= version then return {'CHANGED', ''} end
if holder ~= '' then return {'TAKEN', holder} end
-- guard: test_only_admin_key_does_not_expire
if admin_left ~= '1' and not admin_key_remains(ROW.start) then return {'NO_ADMIN', ''} end
if redis.call('HLEN', K.api_keys) >= tonumber(max_keys) then return {'FULL', ''} end
redis.call('HSET', K.api_keys, key, record)
store_idempotency_key(scope, body_hash, key)
access_changed()
return {'OK', key}
