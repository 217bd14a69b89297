#!lua
-- accounts/save: writes an account of a channel in place of what is stored.
-- needs: sealing
-- ARGV: account, revision that the caller saw ('' = none), save id, then the fields and values of its hash.
-- Keys built inside: account, accounts, seq, bell, secret_key.
-- Returns {OK | REPEAT | CONFLICT | OTHER_KEY, revision}. OTHER_KEY: secrets are sealed by another key now.
local now, hash = now_ms(), K.account .. ARGV[1]
local h = redis.call('HMGET', hash, 'revision', 'save', 'created')
-- guard: test_save_of_an_account_sent_again_is_one_revision
if h[1] and h[2] == ARGV[3] then return {'REPEAT', tonumber(h[1])} end
-- guard: test_two_saves_of_an_account_lose_no_secret
if (h[1] or '') ~= ARGV[2] then return {'CONFLICT', tonumber(h[1] or 0)} end
for i = 4, #ARGV, 2 do
  -- guard: test_account_sealed_by_a_replaced_key_is_not_stored
  if ARGV[i]:sub(1, 7) == 'secret:' and sealed_by_other_key(ARGV[i + 1]) then return {'OTHER_KEY', 0} end
end
local revision = redis.call('INCR', K.seq)
redis.call('DEL', hash)
redis.call('HSET', hash, 'revision', revision, 'save', ARGV[3], 'created', h[3] or now, 'updated', now,
  unpack(ARGV, 4))
redis.call('HSET', K.accounts, ARGV[1], revision)
redis.call('PUBLISH', K.bell, 'accounts')
return {'OK', revision}
