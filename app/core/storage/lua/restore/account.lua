#!lua
-- restore/account: puts accounts of channels back. Without secrets in the export those that are stored stay.
-- needs: restore
-- ARGV: mode, owner, then for each: how many values follow, account, '1' where its secrets are there or it
-- has none, how many values its fields have, the fields.
-- Keys built inside: restore_lock, account, accounts, seq, bell.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | ERROR, or LOST.
local function is_secret(name) return name:sub(1, 7) == 'secret:' end

local function restore(first)
  local account, whole = ARGV[first], ARGV[first + 1] == '1'
  local given = read_fields(first + 2)
  local stored = stored_hash(K.account .. account)
  local function skip(name) return name == 'revision' or (not whole and is_secret(name)) end
  local word = restore_word(stored.revision, is_same(stored, given, skip))
  if not should_write(word) then return word end
  if not whole then
    for name, value in pairs(stored) do
      -- guard: test_stored_secrets_outlive_an_export_without_them
      if is_secret(name) then given[name] = value end
    end
  end
  -- A connector takes an account for changed when its revision is.
  if stored.revision then given.revision = redis.call('INCR', K.seq) end
  redis.call('DEL', K.account .. account)
  put_hash(K.account .. account, given)
  redis.call('HSET', K.accounts, account, given.revision)
  redis.call('PUBLISH', K.bell, 'accounts')
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
