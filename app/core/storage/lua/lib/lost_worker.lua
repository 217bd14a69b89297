-- needs: finalize, records/texts
-- The end of an attempt whose worker died or lost its lease: decides if the run is a suspect, and if an
-- isolated run fails. A run with this many crashes is a suspect. One crash proves nothing: a killed worker
-- loses all of its runs.
local CRASHES = 2
-- A run that was lost this often in gaps of the lease clock is a suspect as well: it may stop all processes.
local GAPS = 4
-- One lost worker of an isolated run proves nothing: workers are killed and restarted for many reasons. Ten
-- starts over four minutes (pauses of 1, 2, 4 … 60 s) that each lose the worker count as proof, unless the
-- deployment lost five times as many other workers since the run's first loss. Twice as many are too few: two
-- or three runs that kill their workers would excuse each other.
local ISOLATED_LOSSES, EXCUSE, FIRST_PAUSE, LONGEST_PAUSE = 10, 5, 1000, 60000
local DAY, MOST_REMEMBERED = 86400, 10000

-- each call: gap_at = nil
local function started_before_gap(h, now)
  gap_at = gap_at or tonumber(redis.call('HGET', K.lease_clock, 'gap_at')) or 0
  return (tonumber(h.started) or now) < gap_at
end

local function requeue(run, h, to, now)
  redis.call('HSET', K.run .. run, 'status', 'queued', 'queued', now, 'rev', h.rev + 1)
  redis.call('HDEL', K.run .. run, 'lease', 'alone')
  push(run, to)
  if h.status == 'running' then move_status(run, h.seq, 'running', 'queued') end
  batch_event('run.queued', h.job, run, h.seq, h.rev + 1, '{"reclaimed":true}')
end

local function requeue_later(run, h, pause, error, now)
  local due = now + pause
  redis.call('HSET', K.run .. run, 'status', 'retrying', 'due', text(due), 'rev', h.rev + 1, 'error', error)
  redis.call('HDEL', K.run .. run, 'lease', 'alone', 'entry', 'lane')
  move_status(run, h.seq, 'running', 'retrying')
  delay(run, due)
  batch_event('run.retrying', h.job, run, h.seq, h.rev + 1, '{"due":' .. text(due) .. ',"reclaimed":true}')
end

-- loss_error: the error of a lost attempt. `others`: runs of the same worker whose leases expired with it;
-- `cause`: a packed text.
local function loss_error(h, others, now, cause, final)
  local lost_with_it = ''
  if others > 0 then
    lost_with_it = texts.message('At least {count} other runs of this worker were lost with it. ',
      {count = others})
  end
  local after_ms = math.max(0, now - (tonumber(h.started) or now))
  local message, origin = texts.split(texts.message(
    'Worker {worker} died or lost its lease; this was noticed {seconds} s after the attempt started. '
    .. '{others}{cause}', {worker = h.worker or '?', others = lost_with_it, cause = cause,
      seconds = string.format('%.1f', after_ms / 1000)}))
  return cjson.encode({kind = 'crash', code = 'worker_lost', retryable = not final, at = now,
    message = message, message_origin = cjson.decode(origin)})
end

-- record_lost_worker: counts a worker once, for any number of its runs, lanes and pages.
local function record_lost_worker(h, now)
  if redis.call('ZADD', K.lost_workers, 'NX', now, (h.lease or '?'):match('^[^:]*')) == 0 then return end
  redis.call('ZREMRANGEBYRANK', K.lost_workers, 0, -MOST_REMEMBERED - 1)
  redis.call('EXPIRE', K.lost_workers, DAY)
end

local function has_many_other_losses(h, lost)
  local all = redis.call('ZCOUNT', K.lost_workers, h.lost_since or '+inf', '+inf')
  return all - lost >= EXCUSE * lost
end

local function fail_after_losses(run, h, others, lost, now)
  local error = loss_error(h, others, now, texts.message('The run was isolated, and {count} times its worker '
    .. 'was lost while its child process ran. It is not known if the run caused this. Check why the workers '
    .. 'ended, then run it again.', {count = lost}), true)
  return finalize(run, h, 'failed', now, {'lost', lost, 'error', error, 'fingerprint', 'crash'})
end

local function lost_in_isolation(run, h, others, now)
  local lost = (tonumber(h.lost) or 0) + 1
  local over = lost >= ISOLATED_LOSSES
  -- guard: test_a_suspect_is_excused_if_many_other_workers_are_lost
  if over and has_many_other_losses(h, lost) then over = false end
  -- guard: test_a_suspect_that_loses_ten_workers_is_a_dead_letter
  if over then return fail_after_losses(run, h, others, lost, now) end
  local error = loss_error(h, others, now,
    texts.message('The run was isolated; it starts again after a pause, and no crash is counted.'))
  remember_attempt(run, h, 'crashed', now, error)
  -- guard: test_a_suspect_that_lost_its_worker_gives_its_place_away
  release_slots(run, concurrency_keys(h.job, h.overlap, h.key))
  redis.call('HSET', K.run .. run, 'lost', lost, 'lost_since', h.lost_since or now)
  requeue_later(run, h, math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ^ (lost - 1)), error, now)
end

local function lost_in_lane(run, h, others, now)
  local crashes, gaps, by_gap = tonumber(h.crashes) or 0, tonumber(h.gaps) or 0, false
  -- guard: test_a_loss_of_everything_accuses_no_run
  if started_before_gap(h, now) then by_gap = true end
  if by_gap then gaps = gaps + 1 else crashes = crashes + 1 end
  local error = loss_error(h, others, now, by_gap
    and texts.message('For a while no process renewed its leases, so no crash is counted.')
    or texts.message('The cause is not known here.'))
  remember_attempt(run, h, 'crashed', now, error)
  -- guard: test_every_way_out_frees_the_place
  release_slots(run, concurrency_keys(h.job, h.overlap, h.key))
  redis.call('HSET', K.run .. run, by_gap and 'gaps' or 'crashes', by_gap and gaps or crashes)
  local to = h.pri
  -- guard: test_poison_is_isolated_after_two_crashes
  if crashes >= CRASHES then to = suspect_of(h.pri) end
  -- guard: test_a_run_of_many_gaps_is_isolated
  if gaps >= GAPS then to = suspect_of(h.pri) end
  requeue(run, h, to, now)
end
