#!lua flags=allow-oom
-- release: running -> queued, a batch, fenced: a worker that drains gives its runs back; it costs no try.
-- needs: read, settle, shield
-- ARGV: (run, lease)*.
-- Keys built inside: run, attempts, ready, holders, waiting, waiting_lines, active, dead, quarantine.
-- Returns for each OK | LOST | CANCELLED | ERROR.
local now, words = now_ms(), {}

local function release(run, lease)
  local h = read(run, 'status', 'lease', 'attempt', 'seq', 'rev', 'job', 'type', 'source', 'lane', 'entry',
    'cancel', 'overlap', 'key', 'started', 'worker', 'releases', 'pri')
  if h.status ~= 'running' or h.lease ~= lease then return 'LOST' end -- guard: test_release_of_a_lost_lease_changes_nothing
  local lane, entry = h.lane, h.entry
  if h.cancel then
    redis.call('HDEL', K.run .. run, 'lease')
    settle(run, h, 'cancelled', now)
    drop(lane, entry)
    return 'CANCELLED'
  end
  remember_attempt(run, h, 'released', now)
  leave_places(run, names_of(h.job, h.overlap, h.key)) -- guard: test_every_way_out_frees_the_place
  redis.call('HSET', K.run .. run, 'status', 'queued', 'queued', now, 'rev', h.rev + 1,
    'releases', (tonumber(h.releases) or 0) + 1)
  redis.call('HDEL', K.run .. run, 'lease', 'alone')
  push(run, lane)
  move(run, h.seq, 'running', 'queued')
  drop(lane, entry)
  event('run.queued', h.job, run, h.seq, h.rev + 1, '{"released":true}')
  return 'OK'
end

for i = 1, #ARGV, 2 do words[#words + 1] = shielded(ARGV[i], release, ARGV[i], ARGV[i + 1]) end
flush_gathered()
flush_tally()
return words
