#!lua
-- restore/setting: Restores settings, maintenance windows and status pages.
-- needs: restore
-- ARGV: mode, owner
-- ITEM: family, name, record
--   family: settings | maintenance | status_pages; record: JSON.
-- Keys built inside: restore_lock, settings, maintenance, status_pages.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | ERROR, or LOST.
local KEYS_OF = {settings = K.settings, maintenance = K.maintenance, status_pages = K.status_pages}

local function restore(at)
  local key, name, record = KEYS_OF[ARGV[at + ITEM.family]], ARGV[at + ITEM.name], ARGV[at + ITEM.record]
  local stored = redis.call('HGET', key, name)
  local word = restore_word(stored, stored == record)
  if should_write(word) then redis.call('HSET', key, name, record) end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
