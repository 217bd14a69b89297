#!lua flags=allow-oom
-- tools/metrics: Adds one figure that a job reports, fenced by the lease.
-- needs: tool_call
-- ARGV: run, lease, call, job, kind, max_series, name, series, value, bound
--   series: `name|labels as JSON`; bound: of a histogram's bucket, or inf.
-- Fields of tool_metrics: `#` number of series, `type|<name>` kind, `<series>` value; gauges also
-- `@<series>`, the instant (ms) from which the value is too old to be shown; histograms `<series>|le:<bound>`
-- (not cumulative), `<series>|sum`, `<series>|count`.
-- Keys built inside: run, job, schedule, tool_calls, tool_metrics, tool_metrics_jobs.
-- Returns OK | LOST | STALE | LIMIT | CONFLICT and the kind that the name has. OK also for a deleted job,
-- whose figures are gone.
-- guard: test_metrics_of_a_lost_lease_are_refused
if not holds_lease(run, lease) then return {'LOST'} end
local hash = K.tool_metrics .. job
local HOUR, DAY = 3600000, 86400000

-- Three intervals of its schedule, at least an hour; a day for a job without a schedule.
local function shown_until(now)
  local due = tonumber(redis.call('ZSCORE', K.schedule, job) or 0)
  if due == 0 then return now + DAY end
  return math.max(now + HOUR, due + 2 * (due - now))
end

local function report()
  local seq = redis.call('HGET', K.job .. job, 'seq')
  -- guard: test_metrics_of_a_deleted_job_are_not_kept
  if not seq then return 'OK' end
  local known = redis.call('HGET', hash, 'type|' .. name)
  -- guard: test_metrics_of_another_kind_conflict
  if known and known ~= kind then return 'CONFLICT', known end
  local first = kind == 'histogram' and series .. '|count' or series
  if redis.call('HEXISTS', hash, first) == 0 then
    -- guard: test_metrics_refuse_one_series_too_many
    if tonumber(redis.call('HGET', hash, '#') or 0) >= tonumber(max_series) then return 'LIMIT' end
    redis.call('HINCRBY', hash, '#', 1)
    redis.call('HSET', hash, 'type|' .. name, kind)
  end
  redis.call('ZADD', K.tool_metrics_jobs, seq, job)
  if kind == 'gauge' then
    redis.call('HSET', hash, series, value, '@' .. series, text(shown_until(now_ms())))
  elseif kind == 'counter' then
    redis.call('HINCRBYFLOAT', hash, series, value)
  else
    redis.call('HINCRBY', hash, series .. '|le:' .. bound, 1)
    redis.call('HINCRBYFLOAT', hash, series .. '|sum', value)
    redis.call('HINCRBY', hash, series .. '|count', 1)
  end
  return 'OK'
end

return tool_call(run, call, report)
