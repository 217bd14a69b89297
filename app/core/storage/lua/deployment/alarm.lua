#!lua flags=allow-oom
-- deployment/alarm: Raises or clears a named alarm of the deployment. Each change is one event, for any
-- number of callers.
-- needs: events
-- ARGV: name, raised, data, about_job
--   raised: '1' or ''; data: of the event, JSON; about_job: the job that it is about, or ''.
-- Keys built inside: meta.
-- Returns RAISED | CLEARED | SAME.
local field = 'alarm|' .. name
if raised == '1' then
  -- guard: test_alarm_is_raised_once_for_all_schedulers
  if redis.call('HSETNX', K.meta, field, now_ms()) == 0 then return 'SAME' end
  event('alarm', about_job, '', 0, 0, data)
  return 'RAISED'
end
if redis.call('HDEL', K.meta, field) == 0 then return 'SAME' end
event('alarm', about_job, '', 0, 0, data)
return 'CLEARED'
