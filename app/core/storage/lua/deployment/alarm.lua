#!lua flags=allow-oom
-- deployment/alarm: raises or clears a named alarm of the deployment; each change is told once, whoever sees
-- it.
-- needs: events
-- ARGV: name, '1' raised or '' cleared, data of the event (JSON), the job that it is about or ''.
-- Keys built inside: meta.
-- Returns RAISED | CLEARED | SAME.
local field = 'alarm|' .. ARGV[1]
if ARGV[2] == '1' then
  -- guard: test_alarm_is_raised_once_for_all_schedulers
  if redis.call('HSETNX', K.meta, field, now_ms()) == 0 then return 'SAME' end
  event('alarm', ARGV[4], '', 0, 0, ARGV[3])
  return 'RAISED'
end
if redis.call('HDEL', K.meta, field) == 0 then return 'SAME' end
event('alarm', ARGV[4], '', 0, 0, ARGV[3])
return 'CLEARED'
