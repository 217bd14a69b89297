#!lua flags=allow-oom
-- queue/reclaim: running -> queued | retrying | failed | cancelled, for runs of one lane whose lease has
-- expired. Returns no runs to its caller: the next claim gets them.
-- needs: lease_clock, lanes, lost_worker
-- ARGV: lane, cursor, lease_ms, page_size
-- Keys built inside: lease_clock, run, ready, attempts, active, holders, waiting, waiting_lines, dead,
-- delayed, chains, job, lost_workers, quarantine.
-- Returns {OK | GRACE | STAMP, cursor, reclaimed}.
local now, lease_ms, reclaimed = now_ms(), tonumber(lease_ms), 0
local grace = touch_lease_clock(now, lease_ms)
-- The mark stays until `queue/restart_idle_times` reaches the end of the lane, so that a lost answer loses
-- nothing.
-- guard: test_reclaim_asks_for_stamps_until_the_lane_is_stamped
if redis.call('HEXISTS', K.lease_clock, 'stamp|' .. lane) == 1 then return {'STAMP', '0-0', 0} end
-- guard: test_reclaim_gives_grace_after_a_gap
if now < grace then return {'GRACE', '0-0', 0} end

-- A lane of a type is deleted once it is empty (queue/claim).
-- guard: test_reclaim_of_a_deleted_lane_finds_nothing
if lane:find('@', 1, true) and redis.call('EXISTS', K.ready .. lane) == 0 then return {'OK', '0-0', 0} end

local found, held = {}, {}

local function inspect(entry, run)
  if not run then return quarantine('entry', lane, entry, 'malformed') end
  local h = read(K.run .. run, 'status', 'lease', 'attempt', 'seq', 'rev', 'job', 'type', 'source', 'entry',
    'cancel', 'overlap', 'key', 'started', 'worker', 'crashes', 'pri', 'alone', 'chain', 'lost',
    'lost_since', 'gaps')
  -- guard: test_reclaim_ignores_an_entry_that_was_replaced
  if h.entry ~= entry then return end
  found[#found + 1] = {run, h}
  if h.status ~= 'running' then return end
  record_lost_worker(h, now)
  held[h.worker or '?'] = (held[h.worker or '?'] or 0) + 1
end

local function reclaim(run, h)
  -- Delivered and never started: no crash is counted.
  if h.status == 'queued' then return requeue(run, h, lane, now) end
  if h.status ~= 'running' then return end
  count('crashes')
  redis.call('HDEL', K.run .. run, 'lease')
  -- guard: test_reclaim_of_a_cancelled_run_ends_it
  if h.cancel then return finalize(run, h, 'cancelled', now) end
  local others = held[h.worker or '?'] - 1
  -- guard: test_a_suspect_that_loses_its_worker_is_charged_nothing
  if h.alone then return lost_in_isolation(run, h, others, now) end
  lost_in_lane(run, h, others, now)
end

local lapsed = redis.call('XAUTOCLAIM', K.ready .. lane, GROUP, 'reclaim', lease_ms, cursor, 'COUNT',
  page_size)
for _, e in ipairs(lapsed[2]) do guarded(e[2][2], inspect, e[1], e[2][1] == 'r' and e[2][2] or nil) end
for _, item in ipairs(found) do guarded(item[1], reclaim, item[1], item[2]) end
for _, e in ipairs(lapsed[2]) do
  drop(lane, e[1])
  reclaimed = reclaimed + 1
end
if reclaimed > 0 then count('reclaimed', reclaimed) end
flush_writes()
flush_metrics()
return {'OK', lapsed[1], reclaimed}
