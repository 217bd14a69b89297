#!lua
-- restore/version: Restores versions of jobs.
-- needs: restore
-- ARGV: mode, owner
-- ITEM: job, number, saved
--   saved: JSON.
-- Keys built inside: restore_lock, versions.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | ERROR, or LOST.
local function restore(at)
  local key, number, saved = K.versions .. ARGV[at + ITEM.job], ARGV[at + ITEM.number], ARGV[at + ITEM.saved]
  local stored = redis.call('HGET', key, number)
  local word = restore_word(stored, stored == saved)
  if should_write(word) then redis.call('HSET', key, number, saved) end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
