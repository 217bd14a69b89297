-- needs: events, metrics, batch, slots, chains, dead_letters
-- What the end of an attempt leaves behind.

-- remember_attempt: keeps an attempt that is not the run's last.
local function remember_attempt(run, h, outcome, now, error, calls)
  redis.call('RPUSH', K.attempts .. run, cjson.encode({
    attempt = tonumber(h.attempt) or 0, worker = h.worker or '', started = tonumber(h.started),
    ended = now, outcome = outcome, error = error or '', calls = calls or ''}))
  redis.call('LTRIM', K.attempts .. run, -200, -1)
end

-- finalize: into a terminal state. `h` is the run's hash as a table, `extra` further fields to set.
local function finalize(run, h, status, now, extra)
  local hash, rev = K.run .. run, tonumber(h.rev) + 1
  local duration = math.max(0, now - (tonumber(h.started) or now))
  local fields = {'status', status, 'ended', text(now), 'rev', text(rev)}
  for _, value in ipairs(extra or {}) do fields[#fields + 1] = value end
  if status == 'failed' then
    fields[#fields + 1] = 'dead'
    fields[#fields + 1] = 1
  end
  redis.call('HSET', hash, unpack(fields))
  -- `lane` and `entry` may stay: nobody reads them of an ended run, and a command a run is dear.
  if h.waiting or h.cancel or h.alone or h.due then
    redis.call('HDEL', hash, 'waiting', 'due', 'cancel', 'alone')
  end
  move_status(run, h.seq, h.status, status)
  batch_write('SREM', K.active .. h.job, run)
  -- guard: test_every_way_out_frees_the_place
  release_slots(run, concurrency_keys(h.job, h.overlap, h.key))
  if status == 'failed' then add_dead_letter(run, h.job, h.seq) end
  count_end(h.job, h.type, status, duration, now)
  event('run.' .. status, h.job, run, h.seq, rev, '{"duration_ms":' .. duration .. '}')
  -- guard: test_a_run_that_ends_starts_its_chain
  trigger_chain(run, h, status, now)
  return rev
end
