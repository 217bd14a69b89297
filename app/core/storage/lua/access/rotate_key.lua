#!lua
-- access/rotate_key: Stores the successor of an API key and the end of the old one, both or neither.
-- needs: access
-- ARGV: old_key, seen, ending, new_key, record, max_keys, scope, body_hash
--   seen: the old record as it was read; ending: the old record with an end; record: of the new key.
-- Keys built inside: api_keys, idempotency, access_version, notify.
-- Returns {OK | SAME | MISMATCH | CHANGED | FULL, new key}. CHANGED: the old record is not the one that was
-- read.
-- guard: test_rotation_sent_again_is_one_rotation
if redis.call('HGET', K.api_keys, new_key) == record then return {'OK', new_key} end
local before = idempotent_answer(scope, body_hash)
if before then return before end
-- guard: test_key_revoked_meanwhile_is_not_rotated
if redis.call('HGET', K.api_keys, old_key) ~= seen then return {'CHANGED', ''} end
if redis.call('HLEN', K.api_keys) >= tonumber(max_keys) then return {'FULL', ''} end
redis.call('HSET', K.api_keys, old_key, ending, new_key, record)
store_idempotency_key(scope, body_hash, new_key)
access_changed()
return {'OK', new_key}
