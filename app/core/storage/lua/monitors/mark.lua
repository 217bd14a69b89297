#!lua flags=allow-oom
-- monitors/mark: Marks monitors as paused, or as unknown because their checks stay away.
-- needs: monitors
-- ARGV: none.
-- ROW: job, state, at, reason
--   at: the instant from which it holds, ms.
-- Keys built inside: monitor, monitors, monitor_ranges, monitor_days, monitor_quarters.
-- Returns how many were changed.
local changed = 0
for at = ROW.start, #ARGV - 1, ROW.width do
  if mark_monitor(ARGV[at + ROW.job], ARGV[at + ROW.state], tonumber(ARGV[at + ROW.at]),
    ARGV[at + ROW.reason]) then changed = changed + 1 end
end
return changed
