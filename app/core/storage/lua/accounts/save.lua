#!lua
-- accounts/save: Replaces the record of an account.
-- needs: access, incidents, shards/seqs
-- ARGV: account, seen_revision, save_id
-- ROW: field, value
--   seen_revision: the one that the caller read, or '' for none.
-- Keys built inside: account, accounts, seq, notify, secret_key.
-- Returns {OK | REPEAT | CONFLICT | OTHER_KEY, revision}. OTHER_KEY: secrets are sealed by another key now.
local now, hash = now_ms(), K.account .. account
local h = redis.call('HMGET', hash, 'revision', 'save', 'created')
-- guard: test_save_of_an_account_sent_again_is_one_revision
if h[1] and h[2] == save_id then return {'REPEAT', tonumber(h[1])} end
-- guard: test_two_saves_of_an_account_lose_no_secret
if (h[1] or '') ~= seen_revision then return {'CONFLICT', tonumber(h[1] or 0)} end
for at = ROW.start, #ARGV - 1, ROW.width do
  local is_secret = ARGV[at + ROW.field]:sub(1, 7) == 'secret:'
  -- guard: test_account_sealed_by_a_replaced_key_is_not_stored
  if is_secret and sealed_by_other_key(ARGV[at + ROW.value]) then return {'OTHER_KEY', 0} end
end
local revision = next_seq()
redis.call('DEL', hash)
redis.call('HSET', hash, 'revision', revision, 'save', save_id, 'created', h[3] or now, 'updated', now,
  unpack(ARGV, ROW.start + 1))
-- guard: test_a_switched_off_account_has_no_open_incident
if redis.call('HGET', hash, 'enabled') == '0' then
  close_incident('account:' .. account, nil, now, '', texts.message('The account was switched off.'))
end
redis.call('HSET', K.accounts, account, revision)
redis.call('PUBLISH', K.notify, 'accounts')
return {'OK', revision}
