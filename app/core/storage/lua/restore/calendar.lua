#!lua
-- restore/calendar: Restores calendars.
-- needs: restore
-- ARGV: mode, owner
-- ITEM: calendar, record
--   calendar: its name; record: JSON.
-- Keys built inside: restore_lock, calendars.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | ERROR, or LOST.
local function restore(at)
  local name, record = ARGV[at + ITEM.calendar], ARGV[at + ITEM.record]
  local stored = redis.call('HGET', K.calendars, name)
  local word = restore_word(stored, stored == record)
  if should_write(word) then redis.call('HSET', K.calendars, name, record) end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
