#!lua flags=allow-oom
-- revoke_key: forgets an API key; never the last admin's, unless told to.
-- ARGV: key, '1' where an admin is left in any case.
-- Keys built inside: api_keys, api_keys_used.
-- Returns OK | MISSING | LAST_ADMIN.
local function is_admin(record) return cjson.decode(record).role == 'admin' end

local record = redis.call('HGET', K.api_keys, ARGV[1])
if not record then return 'MISSING' end
local left = ARGV[2] == '1' or not is_admin(record)
for i, value in ipairs(left and {} or redis.call('HGETALL', K.api_keys)) do
  if i % 2 == 0 and value ~= record and is_admin(value) then left = true end
end
if not left then return 'LAST_ADMIN' end -- guard: test_last_admin_key_stays
redis.call('HDEL', K.api_keys, ARGV[1])
redis.call('HDEL', K.api_keys_used, ARGV[1])
return 'OK'
