#!lua
-- restore/figures: puts roll-ups and the metrics of jobs back.
-- needs: restore
-- ARGV: mode, owner, then for each: how many values follow, family, name within it, instant at which it
-- lapses (ms) or '', how many values its fields have, the fields.
-- Keys built inside: meta, restore_lock, rollup_minute, rollup_quarter, rollup_durations, rollup_jobs,
-- rollup_day, tool_metrics, tool_metrics_jobs, job.
-- Returns for each CREATED | SAME | KEPT | OVER (its time is over) | ERROR, or LOST. KEPT: what was counted
-- here stays.
local now = now_ms()
local FAMILIES = {minute = K.rollup_minute, quarter = K.rollup_quarter,
  durations = K.rollup_durations, jobs = K.rollup_jobs, day = K.rollup_day,
  metrics = K.tool_metrics}

local function nothing() return false end

local function restore(first)
  local key, lapses = FAMILIES[ARGV[first]] .. ARGV[first + 1], ARGV[first + 2]
  -- guard: test_figures_whose_time_is_over_stay_away
  if lapses ~= '' and tonumber(lapses) <= now then return 'OVER' end
  local given, stored = read_fields(first + 3), stored_hash(key)
  local word = restore_word(next(stored), is_same(stored, given, nothing), true)
  if not should_write(word) then return word end
  put_hash(key, given)
  if lapses ~= '' then redis.call('PEXPIREAT', key, lapses) end
  if ARGV[first] == 'metrics' then
    local seq = redis.call('HGET', K.job .. ARGV[first + 1], 'seq') or 0
    -- guard: test_restored_metrics_of_jobs_are_listed
    redis.call('ZADD', K.tool_metrics_jobs, seq, ARGV[first + 1])
  end
  -- guard: test_restored_figures_are_thinned_again
  if ARGV[first] == 'quarter' or ARGV[first] == 'durations' then
    redis.call('HDEL', K.meta, 'thinned_figures')
  end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
