#!lua
-- restore/value: puts values back that handlers keep.
-- needs: restore
-- ARGV: mode, owner, then for each: how many values follow, job, key, value, instant at which it lapses (ms)
-- or ''.
-- Keys built inside: restore_lock, kv, kv_index.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | OVER (its time is over) | ERROR, or LOST.
local now = now_ms()

local function restore(first)
  local job, name, value, lapses = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  -- guard: test_a_value_whose_time_is_over_stays_away
  if lapses ~= '' and tonumber(lapses) <= now then return 'OVER' end
  local key = K.kv .. job .. ':' .. name
  local stored = redis.call('GET', key)
  local word = restore_word(stored, stored == value)
  if not should_write(word) then return word end
  redis.call('SET', key, value)
  if lapses ~= '' then redis.call('PEXPIREAT', key, lapses) end
  redis.call('ZADD', K.kv_index .. job, lapses == '' and '+inf' or lapses, name)
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
