-- needs: events, tally, gather, waiting
-- What the end of an attempt leaves behind.

-- remember_attempt: keeps an attempt that is not the run's last.
local function remember_attempt(run, h, outcome, now, error, calls)
  redis.call('RPUSH', K.attempts .. run, cjson.encode({
    attempt = tonumber(h.attempt) or 0, worker = h.worker or '', started = tonumber(h.started),
    ended = now, outcome = outcome, error = error or '', calls = calls or ''}))
  redis.call('LTRIM', K.attempts .. run, -200, -1)
end

-- bury: a failed run waits for a decision; the oldest of more than 10,000 are let go.
local function bury(run, job, seq)
  redis.call('ZADD', K.dead, seq, run)
  redis.call('ZADD', K.dead_job .. job, seq, run)
  if redis.call('ZCARD', K.dead) <= 10000 then return end -- guard: test_a_failed_run_is_a_dead_letter
  local oldest = redis.call('ZPOPMIN', K.dead)
  local owner = redis.call('HGET', K.run .. oldest[1], 'job')
  redis.call('HDEL', K.run .. oldest[1], 'dead')
  if owner then redis.call('ZREM', K.dead_job .. owner, oldest[1]) end
  event('dead_letter.dropped', owner or '', oldest[1], oldest[2], 0, '')
end

local function unbury(run, job)
  redis.call('ZREM', K.dead, run)
  redis.call('ZREM', K.dead_job .. job, run)
  redis.call('HDEL', K.run .. run, 'dead')
end

-- settle: into a terminal state. `h` is the run's hash as a table, `extra` further fields to set.
local function settle(run, h, status, now, extra)
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
  if h.waiting or h.cancel or h.alone or h.due then redis.call('HDEL', hash, 'waiting', 'due', 'cancel', 'alone') end
  move(run, h.seq, h.status, status)
  gather('SREM', K.active .. h.job, run)
  leave_places(run, names_of(h.job, h.overlap, h.key)) -- guard: test_every_way_out_frees_the_place
  if status == 'failed' then bury(run, h.job, h.seq) end
  count_end(h.job, h.type, status, duration, now)
  event('run.' .. status, h.job, run, h.seq, rev, '{"duration_ms":' .. duration .. '}')
  return rev
end
