#!lua
-- access/replace_keys: replaces records of API keys that are still stored as they were read.
-- needs: access
-- ARGV: (key, record as read, new record) each; 200 at most.
-- Keys built inside: api_keys, access_version.
-- Returns OK.
local changed = false
for i = 1, #ARGV, 3 do
  -- guard: test_key_revoked_meanwhile_is_not_stored_again
  if redis.call('HGET', K.api_keys, ARGV[i]) == ARGV[i + 1] then
    redis.call('HSET', K.api_keys, ARGV[i], ARGV[i + 2])
    changed = true
  -- guard: test_key_revoked_meanwhile_is_not_stored_again
  end
end
if changed then access_changed() end
return 'OK'
