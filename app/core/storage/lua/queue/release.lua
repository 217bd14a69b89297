#!lua flags=allow-oom
-- queue/release: running -> queued, a batch, fenced: a worker that drains returns its runs. It costs no
-- attempt.
-- needs: finalize, lanes
-- ARGV: none.
-- ROW: run, lease
-- Keys built inside: run, attempts, ready, holders, waiting, waiting_lines, active, dead, quarantine.
-- Returns for each OK | LOST | CANCELLED | ERROR.
local now, words = now_ms(), {}

local function release(run, lease)
  local h = read(K.run .. run, 'status', 'lease', 'attempt', 'seq', 'rev', 'job', 'type', 'source', 'lane',
    'entry', 'cancel', 'overlap', 'key', 'started', 'worker', 'releases', 'pri')
  -- guard: test_release_of_a_lost_lease_changes_nothing
  if h.status ~= 'running' or h.lease ~= lease then return 'LOST' end
  local lane, entry = h.lane, h.entry
  if h.cancel then
    redis.call('HDEL', K.run .. run, 'lease')
    finalize(run, h, 'cancelled', now)
    drop(lane, entry)
    return 'CANCELLED'
  end
  remember_attempt(run, h, 'released', now)
  -- guard: test_every_way_out_frees_the_place
  release_slots(run, concurrency_keys(h.job, h.overlap, h.key))
  redis.call('HSET', K.run .. run, 'status', 'queued', 'queued', now, 'rev', h.rev + 1,
    'releases', (tonumber(h.releases) or 0) + 1)
  redis.call('HDEL', K.run .. run, 'lease', 'alone')
  push(run, lane)
  move_status(run, h.seq, 'running', 'queued')
  drop(lane, entry)
  batch_event('run.queued', h.job, run, h.seq, h.rev + 1, '{"released":true}')
  return 'OK'
end

for at = ROW.start, #ARGV - 1, ROW.width do
  local run = ARGV[at + ROW.run]
  words[#words + 1] = guarded(run, release, run, ARGV[at + ROW.lease])
end
flush_writes()
flush_metrics()
return words
