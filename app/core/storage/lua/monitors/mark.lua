#!lua flags=allow-oom
-- monitors/mark: Marks monitors as paused, or as unknown because their checks stay away.
-- needs: heartbeats
-- ARGV: none.
-- ROW: job, state, at, reason
--   at: the instant from which it holds, ms.
-- Keys built inside: awake, monitor, monitors, monitor_ranges, monitor_days, monitor_quarters,
-- pings_due, job, pauses, incident, incidents, incidents_open, incidents_due, incidents_job, incident_jobs,
-- incident_members, incident_timeline.
-- Returns how many were changed.
local now, changed = now_ms(), 0

-- A silence before a pause has no incident any more: the next one is noticed by a wait of its own.
local function expect_after_pause(job)
  local heart = heartbeat_job(job)
  if heart then expect_ping(job, now, heart.period + heart.grace) end
end

for at = ROW.start, #ARGV - 1, ROW.width do
  local job, reason = ARGV[at + ROW.job], ARGV[at + ROW.reason]
  if mark_monitor(job, ARGV[at + ROW.state], tonumber(ARGV[at + ROW.at]), reason) then
    changed = changed + 1
    -- guard: test_a_heartbeat_is_expected_again_after_a_pause
    if reason == 'no_ping' then expect_after_pause(job) end
  end
end
return changed
