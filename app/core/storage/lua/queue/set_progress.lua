#!lua
-- queue/set_progress: what a running attempt says of how far it is, fenced.
-- needs: events
-- ARGV: run, lease, value as JSON.
-- Keys built inside: run.
-- Returns OK | LOST.
local h = read(ARGV[1], 'status', 'lease', 'job', 'seq', 'rev', 'progress')
-- guard: test_progress_of_a_lost_lease_is_refused
if h.status ~= 'running' or h.lease ~= ARGV[2] then return 'LOST' end
-- guard: test_progress_is_stored_and_told_once
if h.progress == ARGV[3] then return 'OK' end
redis.call('HSET', K.run .. ARGV[1], 'progress', ARGV[3])
event('run.progress', h.job, ARGV[1], h.seq, h.rev, ARGV[3])
return 'OK'
