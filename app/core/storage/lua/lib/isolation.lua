-- needs: events
-- The circuit breaker of a job: a field of K.isolated for each job, the instant (ms) at which a suspect of
-- the job crashed its child process. Until the field is deleted, every run of the job is isolated from its
-- first attempt on.
-- each call: any_isolated = nil

-- is_isolated: while no job is isolated this is one command for each script, for any number of runs.
local function is_isolated(job)
  if any_isolated == nil then any_isolated = redis.call('HLEN', K.isolated) > 0 end
  return any_isolated and redis.call('HEXISTS', K.isolated, job) == 1
end

local function isolate_job(run, h, now)
  -- A newer version may have repaired the job; a deleted job has no further slots.
  -- guard: test_a_crash_of_an_older_version_isolates_no_job
  if not h.version or redis.call('HGET', K.job .. h.job, 'version') ~= h.version then return end
  -- guard: test_a_job_is_isolated_once
  if redis.call('HSETNX', K.isolated, h.job, text(now)) == 0 then return end
  event('job.isolated', h.job, '', 0, 0, cjson.encode({run_id = run, version = tonumber(h.version)}))
end

local function end_isolation(job, reason)
  -- guard: test_an_isolation_ends_with_one_event
  if redis.call('HDEL', K.isolated, job) == 0 then return end
  event('job.isolation_ended', job, '', 0, 0, cjson.encode({reason = reason}))
end

-- success_in_isolation: ends the isolation of a job, if the run started after the crash. A crash in the
-- future was before the clock went back.
local function success_in_isolation(job, started)
  local since = tonumber(redis.call('HGET', K.isolated, job))
  if not since then return end
  -- guard: test_a_crash_in_the_future_keeps_no_job_isolated
  if since > now_ms() then since = 0 end
  -- guard: test_an_earlier_start_does_not_end_an_isolation
  if since > (tonumber(started) or 0) then return end
  end_isolation(job, 'success')
end
