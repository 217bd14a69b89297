#!lua flags=allow-oom
-- tool_metrics: one figure that a job reports, fenced by the lease.
-- needs: tool_call
-- ARGV: run, lease, attempt:number, job, kind, most series, name, series (`name|labels as JSON`), value,
--   bucket (histograms: its upper bound, or inf).
-- Keys built inside: run, tool_calls, tool_metrics. Its fields: `#` number of series, `type|<name>` kind,
--   `<series>` value; histograms `<series>|le:<bound>` (not cumulative), `<series>|sum`, `<series>|count`.
-- Returns OK | LOST | STALE | LIMIT | CONFLICT and the kind that the name has.
local run, lease, at, job, kind, most, name, series, value, bucket = unpack(ARGV, 1, 10)
if not owns(run, lease) then return {'LOST'} end -- guard: test_metrics_of_a_lost_lease_are_refused
local hash = K.tool_metrics .. job

local function report()
  local known = redis.call('HGET', hash, 'type|' .. name)
  if known and known ~= kind then return 'CONFLICT', known end -- guard: test_metrics_of_another_kind_conflict
  local first = kind == 'histogram' and series .. '|count' or series
  if redis.call('HEXISTS', hash, first) == 0 then
    if tonumber(redis.call('HGET', hash, '#') or 0) >= tonumber(most) then return 'LIMIT' end -- guard: test_metrics_refuse_one_series_too_many
    redis.call('HINCRBY', hash, '#', 1)
    redis.call('HSET', hash, 'type|' .. name, kind)
  end
  if kind == 'gauge' then
    redis.call('HSET', hash, series, value)
  elseif kind == 'counter' then
    redis.call('HINCRBYFLOAT', hash, series, value)
  else
    redis.call('HINCRBY', hash, series .. '|le:' .. bucket, 1)
    redis.call('HINCRBYFLOAT', hash, series .. '|sum', value)
    redis.call('HINCRBY', hash, series .. '|count', 1)
  end
  return 'OK'
end

return tool_call(run, at, report)
