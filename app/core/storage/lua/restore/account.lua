#!lua
-- restore/account: Restores accounts of channels. Without secrets in the export the stored ones stay.
-- needs: restore, shards/seqs
-- ARGV: mode, owner
-- ITEM: account, is_whole, fields
--   is_whole: '1' if the export has its secrets or it has none.
-- Keys built inside: restore_lock, account, accounts, seq, notify.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | ERROR, or LOST.
local function is_secret(name) return name:sub(1, 7) == 'secret:' end

local function restore(at)
  local account, is_whole = ARGV[at + ITEM.account], ARGV[at + ITEM.is_whole] == '1'
  local given = read_fields(at + ITEM.fields)
  local stored = stored_hash(K.account .. account)
  local function skip(name) return name == 'revision' or (not is_whole and is_secret(name)) end
  local word = restore_word(stored.revision, is_same(stored, given, skip))
  if not should_write(word) then return word end
  if not is_whole then
    for name, value in pairs(stored) do
      -- guard: test_stored_secrets_outlive_an_export_without_them
      if is_secret(name) then given[name] = value end
    end
  end
  -- A connector notices a changed account by its revision.
  if stored.revision then given.revision = next_seq() end
  redis.call('DEL', K.account .. account)
  put_hash(K.account .. account, given)
  redis.call('HSET', K.accounts, account, given.revision)
  redis.call('PUBLISH', K.notify, 'accounts')
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
