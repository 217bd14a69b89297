#!lua
-- save_secret: stores a secret of jobs if it is still what the caller read.
-- ARGV: name, the record read or '' for none, the new record, most secrets.
-- Keys built inside: secrets.
-- Returns OK | CHANGED | FULL.
local stored = redis.call('HGET', K.secrets, ARGV[1])
if stored == ARGV[3] then return 'OK' end -- guard: test_secret_save_sent_twice_is_one_save
if (stored or '') ~= ARGV[2] then return 'CHANGED' end -- guard: test_secret_save_overwrites_no_other
if not stored and redis.call('HLEN', K.secrets) >= tonumber(ARGV[4]) then return 'FULL' end -- guard: test_secrets_are_limited_in_number
redis.call('HSET', K.secrets, ARGV[1], ARGV[3])
return 'OK'
