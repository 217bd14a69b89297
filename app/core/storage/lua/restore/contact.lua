#!lua
-- restore/contact: Restores contacts of the address book.
-- needs: restore
-- ARGV: mode, owner
-- ITEM: key, record
--   key: the folded name; record: JSON.
-- Keys built inside: restore_lock, contacts.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | ERROR, or LOST.
local function restore(at)
  local key, record = ARGV[at + ITEM.key], ARGV[at + ITEM.record]
  local stored = redis.call('HGET', K.contacts, key)
  local word = restore_word(stored, stored == record)
  if should_write(word) then redis.call('HSET', K.contacts, key, record) end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
