#!lua flags=allow-oom
-- reclaim: running -> queued | failed | cancelled, for runs whose lease has lapsed in one lane.
-- Hands nothing to its caller: whoever claims next gets them.
-- needs: read, settle, lease_clock, shield
-- ARGV: lane, cursor, lease_ms, how many.
-- Keys built inside: lease_clock, run, ready, attempts, active, holders, waiting, waiting_lines, dead, suspect_turn, chains,
-- job, quarantine.
-- Returns {OK | GRACE | STAMP, cursor, reclaimed}.
local now, lane, lease_ms, reclaimed = now_ms(), ARGV[1], tonumber(ARGV[3]), 0
local grace = touch_lease_clock(now, lease_ms)
-- The mark stays until `stamp` has come to the end of the lane, so that a lost answer loses nothing.
if redis.call('HEXISTS', K.lease_clock, 'stamp|' .. lane) == 1 then return {'STAMP', '0-0', 0} end -- guard: test_reclaim_asks_for_stamps_until_the_lane_is_stamped
if now < grace then return {'GRACE', '0-0', 0} end -- guard: test_reclaim_gives_grace_after_a_gap

local function back_to_lane(run, h, to, crashes)
  redis.call('HSET', K.run .. run, 'status', 'queued', 'queued', now, 'rev', h.rev + 1, 'crashes', crashes)
  redis.call('HDEL', K.run .. run, 'lease', 'alone')
  push(run, to)
  if h.status == 'running' then move(run, h.seq, 'running', 'queued') end
  event('run.queued', h.job, run, h.seq, h.rev + 1, '{"reclaimed":true}')
end

local function crashed(run, h)
  local crashes = (tonumber(h.crashes) or 0) + 1
  local error = cjson.encode({kind = 'crash', code = 'worker_lost', retryable = h.alone ~= '1', at = now,
    message = 'Worker ' .. (h.worker or '?') .. ' died or lost its lease while running this. / '
      .. 'Worker mati atau kehilangan lease saat menjalankan ini.'})
  count('crashes')
  redis.call('HDEL', K.run .. run, 'lease')
  if h.alone and redis.call('GET', K.suspect_turn) == h.lease:match('^[^:]+') then redis.call('DEL', K.suspect_turn) end
  if h.cancel then return settle(run, h, 'cancelled', now, {'crashes', crashes}) end -- guard: test_reclaim_of_a_cancelled_run_ends_it
  if h.alone then return settle(run, h, 'failed', now, {'crashes', crashes, 'error', error, 'fingerprint', 'crash'}) end -- guard: test_a_suspect_that_crashes_alone_is_a_dead_letter
  remember_attempt(run, h, 'crashed', now, error)
  leave_places(run, names_of(h.job, h.overlap, h.key)) -- guard: test_every_way_out_frees_the_place
  local to = h.pri
  if crashes >= 2 then to = 'suspect' end -- guard: test_poison_is_isolated_after_two_crashes
  back_to_lane(run, h, to, crashes)
end

local function reclaim(entry, run)
  if not run then return quarantine('entry', lane, entry, 'malformed') end
  local h = read(run, 'status', 'lease', 'attempt', 'seq', 'rev', 'job', 'type', 'source', 'entry', 'cancel',
    'overlap', 'key', 'started', 'worker', 'crashes', 'pri', 'alone', 'chain')
  if h.entry ~= entry then return end -- guard: test_reclaim_ignores_an_entry_that_was_replaced
  if h.status == 'running' then return crashed(run, h) end
  -- Delivered and never started: nobody's crash.
  if h.status == 'queued' then back_to_lane(run, h, lane, tonumber(h.crashes) or 0) end
end

local found = redis.call('XAUTOCLAIM', K.ready .. lane, GROUP, 'reclaim', lease_ms, ARGV[2], 'COUNT', ARGV[4])
for _, e in ipairs(found[2]) do
  shielded(e[2][2], reclaim, e[1], e[2][1] == 'r' and e[2][2] or nil)
  drop(lane, e[1])
  reclaimed = reclaimed + 1
end
if reclaimed > 0 then count('reclaimed', reclaimed) end
flush_gathered()
flush_tally()
return {'OK', found[1], reclaimed}
