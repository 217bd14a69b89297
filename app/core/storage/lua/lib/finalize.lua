-- needs: events, metrics, batch, slots, dead_letters
-- The end of an attempt, and the chain that the end of a run triggers. The field `chain` of a run is
-- `{"s":[job],"f":[job],"d":depth,"c":seconds}`: jobs after a success and after a failure, cooldown.

-- remember_attempt: stores an attempt that is not the run's last.
local function remember_attempt(run, h, outcome, now, error, calls)
  redis.call('RPUSH', K.attempts .. run, cjson.encode({
    attempt = tonumber(h.attempt) or 0, worker = h.worker or '', started = tonumber(h.started),
    ended = now, outcome = outcome, error = error or '', calls = calls or ''}))
  redis.call('LTRIM', K.attempts .. run, -200, -1)
end

-- update_cooldown: after a failure the job's slots create no run for some time; a success ends the cooldown.
local function update_cooldown(job, seconds, status, now)
  -- guard: test_a_success_ends_the_cooldown
  if status == 'success' then return redis.call('HDEL', K.job .. job, 'cool_until') end
  -- The job may be deleted; it must not come back as half a record.
  -- guard: test_a_deleted_job_is_not_left_cooling
  if redis.call('EXISTS', K.job .. job) == 0 then return end
  redis.call('HSET', K.job .. job, 'cool_until', text(now + seconds * 1000))
end

local function write_chain_entries(run, h, status, now)
  local chain = cjson.decode(h.chain)
  if chain.c then update_cooldown(h.job, chain.c, status, now) end
  local targets = (status == 'success' and chain.s) or (status == 'failed' and chain.f) or {}
  if #targets == 0 then return end
  local of = redis.call('HMGET', K.run .. run, 'trace', 'actor')
  -- A scheduler that reads the entries sleeps only if there are none.
  if redis.call('XLEN', K.chains) == 0 then redis.call('PUBLISH', K.wake, 'chain') end
  for _, target in ipairs(targets) do
    redis.call('XADD', K.chains, '*', 'run', run, 'attempt', h.attempt or '0', 'job', h.job, 'target', target,
      'depth', text((chain.d or 0) + 1), 'ended', text(now), 'trace', of[1] or '', 'actor', of[2] or '')
  end
end

-- trigger_chain: writes the entries of the chain. A field that can't be read must not keep the run from
-- ending.
local function trigger_chain(run, h, status, now)
  -- guard: test_a_cancelled_run_chains_nothing
  if not h.chain or status == 'cancelled' then return end
  local ok, problem = pcall(write_chain_entries, run, h, status, now)
  if not ok then
    quarantine(run, '', '', 'chain: ' .. reason_of(problem))
  end
end

local NOTHING = {}

-- finalize: moves a run into a terminal state. `h` is the run's hash as a table, `extra` has more fields to
-- set.
local function finalize(run, h, status, now, extra)
  local hash, rev = K.run .. run, tonumber(h.rev) + 1
  local duration, REV = math.max(0, now - (tonumber(h.started) or now)), text(rev)
  if status == 'failed' then extra = {'dead', 1, unpack(extra or {})} end
  redis.call('HSET', hash, 'status', status, 'ended', text(now), 'rev', REV, unpack(extra or NOTHING))
  -- `lane` and `entry` may stay: no code reads them of an ended run, and a command for each run is expensive.
  if h.waiting or h.cancel or h.alone or h.due then
    redis.call('HDEL', hash, 'waiting', 'due', 'cancel', 'alone')
  end
  move_status(run, h.seq, h.status, status)
  batch_write('SREM', K.active .. h.job, run)
  -- guard: test_every_way_out_frees_the_place
  if h.overlap or h.key then release_slots(run, concurrency_keys(h.job, h.overlap, h.key)) end
  if status == 'failed' then add_dead_letter(run, h.job, h.seq) end
  count_end(h.job, h.type, status, duration, now)
  batch_text('run.' .. status .. '|' .. h.job .. '|' .. run .. '|' .. h.seq .. '|' .. REV
    .. '|{"duration_ms":' .. text(duration) .. '}')
  -- guard: test_a_run_that_ends_starts_its_chain
  trigger_chain(run, h, status, now)
  return rev
end
