-- needs: lanes
-- What the end of a run starts and holds back, as its record says:
-- `{"s":[job],"f":[job],"d":depth,"c":seconds}`.
-- update_cooldown: after a failure the job's slots make no run for a while; a success ends that.
local function update_cooldown(job, seconds, status, now)
  -- guard: test_a_success_ends_the_cooldown
  if status == 'success' then return redis.call('HDEL', K.job .. job, 'cool_until') end
  -- A job that was deleted meanwhile must not come back as half a record.
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
  -- Whoever reads the entries goes to sleep only where there are none.
  if redis.call('XLEN', K.chains) == 0 then redis.call('PUBLISH', K.wake, 'chain') end
  for _, target in ipairs(targets) do
    redis.call('XADD', K.chains, '*', 'run', run, 'attempt', h.attempt or '0', 'job', h.job, 'target', target,
      'depth', text((chain.d or 0) + 1), 'ended', text(now), 'trace', of[1] or '', 'actor', of[2] or '')
  end
end

-- trigger_chain: a record that can't be read must not keep its run from ending.
local function trigger_chain(run, h, status, now)
  -- guard: test_a_cancelled_run_chains_nothing
  if not h.chain or status == 'cancelled' then return end
  local ok, problem = pcall(write_chain_entries, run, h, status, now)
  if not ok then
    quarantine(run, '', '', 'chain: ' .. tostring(type(problem) == 'table' and problem.err or problem))
  end
end
