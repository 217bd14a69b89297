#!lua
-- restore/version: puts versions of jobs back.
-- needs: restore
-- ARGV: mode, owner, then for each: how many values follow, job, number, what was saved (JSON).
-- Keys built inside: restore_lock, versions.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | ERROR, or LOST.
local function restore(first)
  local key, number, text = K.versions .. ARGV[first], ARGV[first + 1], ARGV[first + 2]
  local stored = redis.call('HGET', key, number)
  local word = restore_word(stored, stored == text)
  if should_write(word) then redis.call('HSET', key, number, text) end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
