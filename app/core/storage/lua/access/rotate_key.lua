#!lua
-- access/rotate_key: stores the successor of an API key and the end of the old one, both or neither.
-- needs: access
-- ARGV: old key, its record as read, its record with an end, new key, its record, how many keys there may be,
-- idempotency scope or '', body hash.
-- Keys built inside: api_keys, idempotency, access_version.
-- Returns {OK | SAME | MISMATCH | CHANGED | FULL, new key}. CHANGED: the old record is not the one that was
-- read.
local old, new, scope = ARGV[1], ARGV[4], ARGV[7]
-- guard: test_rotation_sent_again_is_one_rotation
if redis.call('HGET', K.api_keys, new) == ARGV[5] then return {'OK', new} end
local before = idempotent_answer(scope, ARGV[8])
if before then return before end
-- guard: test_key_revoked_meanwhile_is_not_rotated
if redis.call('HGET', K.api_keys, old) ~= ARGV[2] then return {'CHANGED', ''} end
if redis.call('HLEN', K.api_keys) >= tonumber(ARGV[6]) then return {'FULL', ''} end
redis.call('HSET', K.api_keys, old, ARGV[3], new, ARGV[5])
store_idempotency_key(scope, ARGV[8], new)
access_changed()
return {'OK', new}
