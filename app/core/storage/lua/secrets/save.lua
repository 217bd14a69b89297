#!lua
-- secrets/save: Stores a secret of jobs if it is still stored as the caller read it.
-- needs: access
-- ARGV: name, seen, record, max_secrets, sealed?
--   seen: '' for none; sealed: the sealed value, if it is a new one.
-- Keys built inside: secrets, secret_key.
-- Returns OK | CHANGED | FULL. CHANGED: the stored record or the sealing key is another one now.
local stored = redis.call('HGET', K.secrets, name)
-- guard: test_secret_save_sent_twice_is_one_save
if stored == record then return 'OK' end
-- guard: test_secret_save_overwrites_no_other
if (stored or '') ~= seen then return 'CHANGED' end
-- guard: test_secret_sealed_by_a_replaced_key_is_not_stored
if sealed_by_other_key(sealed or '') then return 'CHANGED' end
-- guard: test_secrets_are_limited_in_number
if not stored and redis.call('HLEN', K.secrets) >= tonumber(max_secrets) then return 'FULL' end
redis.call('HSET', K.secrets, name, record)
return 'OK'
