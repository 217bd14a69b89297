#!lua
-- restore/value: Restores values that handlers keep.
-- needs: restore
-- ARGV: mode, owner
-- ITEM: job, key, value, expires
--   expires: instant (ms), or ''.
-- Keys built inside: restore_lock, kv, kv_index.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | OVER (it has expired) | ERROR, or LOST.
local now = now_ms()

local function restore(at)
  local job, name = ARGV[at + ITEM.job], ARGV[at + ITEM.key]
  local value, expires = ARGV[at + ITEM.value], ARGV[at + ITEM.expires]
  -- guard: test_a_value_whose_time_is_over_stays_away
  if expires ~= '' and tonumber(expires) <= now then return 'OVER' end
  local key = K.kv .. job .. ':' .. name
  local stored = redis.call('GET', key)
  local word = restore_word(stored, stored == value)
  if not should_write(word) then return word end
  redis.call('SET', key, value)
  if expires ~= '' then redis.call('PEXPIREAT', key, expires) end
  redis.call('ZADD', K.kv_index .. job, expires == '' and '+inf' or expires, name)
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
