#!lua
-- access/replace_keys: Replaces records of API keys that are still stored as they were read.
-- needs: access
-- ARGV: none.
-- ROW: key, seen, record
--   200 rows at most.
-- Keys built inside: api_keys, access_version, notify.
-- Returns OK.
local changed = false
for at = ROW.start, #ARGV - 1, ROW.width do
  local key = ARGV[at + ROW.key]
  -- guard: test_key_revoked_meanwhile_is_not_stored_again
  if redis.call('HGET', K.api_keys, key) == ARGV[at + ROW.seen] then
    redis.call('HSET', K.api_keys, key, ARGV[at + ROW.record])
    changed = true
  -- guard: test_key_revoked_meanwhile_is_not_stored_again
  end
end
if changed then access_changed() end
return 'OK'
