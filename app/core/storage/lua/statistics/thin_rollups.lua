#!lua flags=allow-oom
-- statistics/thin_rollups: Merges the quarter hours of jobs in a day: counts by the hour, histograms by eight
-- hours. A merged entry has the number of its first quarter. Sent again it finds nothing to merge.
-- ARGV: day
-- ROW: job
-- Keys built inside: rollup_quarter, rollup_durations.
-- Returns how many were merged.
local HOUR, EIGHT_HOURS, merged = 4, 32, 0

-- `b<n>` is a bucket of a histogram, `duration|<n>` one of an earlier version.
local function is_bucket(name)
  return name:match('^b%d+$') or name:sub(1, 9) == 'duration|'
end

local function merge(flat)
  local sums, is_merged = {}, true
  for i = 1, #flat, 2 do
    local quarter, name = flat[i]:match('^(%d+)|(.+)$')
    local first = quarter - quarter % (is_bucket(name) and EIGHT_HOURS or HOUR)
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
  -- guard: test_thinned_rollups_keep_their_lifetime
  if lifetime > 0 then redis.call('PEXPIRE', key, text(lifetime)) end
  return true
end

-- A damaged roll-up stays as it is until it expires.
for at = ROW.start, #ARGV - 1 do
  local is_merged = false
  for _, family in ipairs({K.rollup_quarter, K.rollup_durations}) do
    local ok, done = pcall(thin, family .. ARGV[at + ROW.job] .. ':' .. day)
    is_merged = is_merged or ok and done
  end
  if is_merged then merged = merged + 1 end
end
return merged
