#!lua
-- queue/set_progress: Stores the progress that a running attempt reports, fenced by its lease.
-- needs: events
-- ARGV: run, lease, value
--   value: JSON.
-- Keys built inside: run.
-- Returns OK | LOST.
local h = read(K.run .. run, 'status', 'lease', 'job', 'seq', 'rev', 'progress')
-- guard: test_progress_of_a_lost_lease_is_refused
if h.status ~= 'running' or h.lease ~= lease then return 'LOST' end
-- guard: test_progress_is_stored_and_reported_once
if h.progress == value then return 'OK' end
redis.call('HSET', K.run .. run, 'progress', value)
event('run.progress', h.job, run, h.seq, h.rev, value)
return 'OK'
