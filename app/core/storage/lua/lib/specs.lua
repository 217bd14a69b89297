-- needs: events
-- index_job: the lists that a job stands in. `tags` is a comma-separated text, `target` what the job is
-- about.
local function index_job(job, seq, type, tags, enabled, target)
  redis.call('ZADD', K.jobs, seq, job)
  redis.call('ZADD', K.jobs_type .. type, seq, job)
  for tag in tags:gmatch('[^,]+') do redis.call('ZADD', K.jobs_tag .. tag, seq, job) end
  if enabled == '1' then redis.call('ZADD', K.jobs_enabled, seq, job) end
  if target and target ~= '' then redis.call('ZADD', K.jobs_target .. target, seq, job) end
end

local function unindex_job(job, type, tags, target)
  redis.call('ZREM', K.jobs, job)
  redis.call('ZREM', K.jobs_enabled, job)
  redis.call('ZREM', K.jobs_type .. type, job)
  for tag in tags:gmatch('[^,]+') do redis.call('ZREM', K.jobs_tag .. tag, job) end
  if target then redis.call('ZREM', K.jobs_target .. target, job) end
end

-- set_next_fire: the schedule's entry; wakes the schedulers where it comes before all others.
local function set_next_fire(job, slot, score)
  if slot == '' then
    redis.call('ZREM', K.schedule, job)
    redis.call('HDEL', K.job .. job, 'slot')
    return
  end
  local head = redis.call('ZRANGE', K.schedule, 0, 0, 'WITHSCORES')[2]
  redis.call('HSET', K.job .. job, 'slot', slot)
  redis.call('ZADD', K.schedule, score, job)
  if not head or tonumber(score) < tonumber(head) then redis.call('PUBLISH', K.wake, 'schedule') end
end

local function remove_from_limit(job, key)
  if not key or key == '' then return end
  redis.call('SREM', K.limit_jobs .. key, job)
  if redis.call('SCARD', K.limit_jobs .. key) == 0 then redis.call('HDEL', K.limits, key) end
end
