#!lua flags=allow-oom
-- thin_rollups: merges the quarter hours of jobs in a day: counts by the hour, histograms by four hours. A merged
-- entry has the number of its first quarter. Sent again it finds nothing to merge.
-- ARGV: day, then jobs.
-- Keys built inside: rollup_quarter.
-- Returns how many were merged.
local HOUR, FOUR_HOURS, merged = 4, 16, 0

local function merge(flat)
  local sums, is_merged = {}, true
  for i = 1, #flat, 2 do
    local quarter, name = flat[i]:match('^(%d+)|(.+)$')
    local first = quarter - quarter % (name:sub(1, 9) == 'duration|' and FOUR_HOURS or HOUR)
    if first ~= tonumber(quarter) then is_merged = false end
    local field = first .. '|' .. name
    sums[field] = (sums[field] or 0) + flat[i + 1]
  end
  return sums, is_merged
end

local function thin(key)
  local sums, is_merged = merge(redis.call('HGETALL', key))
  if is_merged then return end
  local fields, lifetime = {}, redis.call('PTTL', key)
  for field, n in pairs(sums) do
    fields[#fields + 1] = field
    fields[#fields + 1] = text(n)
  end
  -- Deleted first, because a large hash keeps its large encoding.
  redis.call('DEL', key)
  redis.call('HSET', key, unpack(fields))
  if lifetime > 0 then redis.call('PEXPIRE', key, text(lifetime)) end -- guard: test_thinned_rollups_keep_their_lifetime
  merged = merged + 1
end

-- A damaged roll-up is left as it is until it expires.
for i = 2, #ARGV do pcall(thin, K.rollup_quarter .. ARGV[i] .. ':' .. ARGV[1]) end
return merged
