#!lua
-- restore/figures: Restores roll-ups and the metrics of jobs.
-- needs: restore
-- ARGV: mode, owner
-- ITEM: family, name, expires, fields
--   expires: instant (ms), or ''.
-- Keys built inside: meta, restore_lock, rollup_minute, rollup_quarter, rollup_durations, rollup_jobs,
-- rollup_day, rollup_all, tool_metrics, tool_metrics_jobs, job.
-- Returns for each CREATED | SAME | KEPT | OVER (it has expired) | ERROR, or LOST. KEPT: the stored counts
-- stay.
local now = now_ms()
local FAMILIES = {minute = K.rollup_minute, quarter = K.rollup_quarter,
  durations = K.rollup_durations, jobs = K.rollup_jobs, day = K.rollup_day, all = K.rollup_all,
  metrics = K.tool_metrics}

local function skip_none() return false end

local function restore(at)
  local family, name, expires = ARGV[at + ITEM.family], ARGV[at + ITEM.name], ARGV[at + ITEM.expires]
  local key = FAMILIES[family] .. name
  -- guard: test_figures_whose_time_is_over_stay_away
  if expires ~= '' and tonumber(expires) <= now then return 'OVER' end
  local given, stored = read_fields(at + ITEM.fields), stored_hash(key)
  local word = restore_word(next(stored), is_same(stored, given, skip_none), true)
  if not should_write(word) then return word end
  put_hash(key, given)
  if expires ~= '' then redis.call('PEXPIREAT', key, expires) end
  if family == 'metrics' then
    local seq = redis.call('HGET', K.job .. name, 'seq') or 0
    -- guard: test_restored_metrics_of_jobs_are_listed
    redis.call('ZADD', K.tool_metrics_jobs, seq, name)
  end
  -- guard: test_restored_figures_are_thinned_again
  if family == 'quarter' or family == 'durations' then
    redis.call('HDEL', K.meta, 'thinned_figures')
  end
  -- guard: test_restored_minutes_are_folded
  if family == 'minute' then redis.call('HDEL', K.meta, 'folded_quarter') end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
