#!lua
-- secrets/save: stores a secret of jobs if it is still what the caller read.
-- needs: sealing
-- ARGV: name, the record read or '' for none, the new record, most secrets, the sealed value if it is a new
-- one.
-- Keys built inside: secrets, secret_key.
-- Returns OK | CHANGED | FULL. CHANGED: the stored record, or the key that seals, is another one now.
local stored = redis.call('HGET', K.secrets, ARGV[1])
-- guard: test_secret_save_sent_twice_is_one_save
if stored == ARGV[3] then return 'OK' end
-- guard: test_secret_save_overwrites_no_other
if (stored or '') ~= ARGV[2] then return 'CHANGED' end
-- guard: test_secret_sealed_by_a_replaced_key_is_not_stored
if sealed_by_other_key(ARGV[5] or '') then return 'CHANGED' end
-- guard: test_secrets_are_limited_in_number
if not stored and redis.call('HLEN', K.secrets) >= tonumber(ARGV[4]) then return 'FULL' end
redis.call('HSET', K.secrets, ARGV[1], ARGV[3])
return 'OK'
