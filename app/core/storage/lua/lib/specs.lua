-- needs: events, lanes
-- index_job: adds a job to its indexes. `tags` and `calendars` are comma-separated texts; `target`:
-- `target_of` in Python; `queue`: '' if it is `default`.
local function index_job(job, seq, type, tags, enabled, target, calendars, queue)
  redis.call('ZADD', K.jobs, seq, job)
  redis.call('ZADD', K.jobs_type .. type, seq, job)
  for tag in tags:gmatch('[^,]+') do redis.call('ZADD', K.jobs_tag .. tag, seq, job) end
  if enabled == '1' then redis.call('ZADD', K.jobs_enabled, seq, job) end
  if target and target ~= '' then redis.call('ZADD', K.jobs_target .. target, seq, job) end
  for name in (calendars or ''):gmatch('[^,]+') do redis.call('ZADD', K.jobs_calendar .. name, seq, job) end
  if queue and queue ~= '' then
    redis.call('ZADD', K.jobs_queue .. queue, seq, job)
    note_queue(queue)
  end
end

local function unindex_job(job, type, tags, target, calendars, queue)
  redis.call('ZREM', K.jobs, job)
  redis.call('ZREM', K.jobs_enabled, job)
  redis.call('ZREM', K.jobs_type .. type, job)
  for tag in tags:gmatch('[^,]+') do redis.call('ZREM', K.jobs_tag .. tag, job) end
  if target then redis.call('ZREM', K.jobs_target .. target, job) end
  for name in (calendars or ''):gmatch('[^,]+') do redis.call('ZREM', K.jobs_calendar .. name, job) end
  if queue then redis.call('ZREM', K.jobs_queue .. queue, job) end
end

-- store_next_fire: stores a job's next slot and its score in the schedule; '' removes both.
local function store_next_fire(job, slot, score)
  if slot == '' then
    redis.call('ZREM', K.schedule, job)
    redis.call('HDEL', K.job .. job, 'slot')
  else
    redis.call('ZADD', K.schedule, score, job)
    redis.call('HSET', K.job .. job, 'slot', slot)
  end
end

-- set_next_fire: the same, and a success is expected only after the next fire. Wakes the schedulers if the
-- job fires before all others.
local function set_next_fire(job, slot, score)
  local head = slot ~= '' and redis.call('ZRANGE', K.schedule, 0, 0, 'WITHSCORES')[2]
  store_next_fire(job, slot, score)
  -- guard: test_a_job_that_is_saved_or_switched_off_is_not_overdue
  redis.call('ZREM', K.success_due, job)
  if slot ~= '' and (not head or tonumber(score) < tonumber(head)) then
    redis.call('PUBLISH', K.wake, 'schedule')
  end
end

-- A job has a concurrency key, a rate, or both. `keys` and `limits` are comma-separated texts of these.
local function names_of(keys)
  local names = {}
  for name in (keys or ''):gmatch('[^,]+') do names[#names + 1] = name end
  return names
end

-- other_limit: `<key> <limit>` if other jobs use a key with another limit than this one.
local function other_limit(job, keys, limits)
  local limit_of = limits:gmatch('[^,]+')
  for _, key in ipairs(names_of(keys)) do
    local stored, limit, owners = redis.call('HGET', K.limits, key), limit_of(), K.limit_jobs .. key
    local others = redis.call('SCARD', owners) - redis.call('SISMEMBER', owners, job)
    if stored and stored ~= limit and others > 0 then return key .. ' ' .. stored end
  end
end

local function add_to_limits(job, keys, limits)
  local limit_of = limits:gmatch('[^,]+')
  for _, key in ipairs(names_of(keys)) do
    redis.call('HSET', K.limits, key, limit_of())
    redis.call('SADD', K.limit_jobs .. key, job)
  end
end

local function remove_from_limits(job, keys)
  for _, key in ipairs(names_of(keys)) do
    redis.call('SREM', K.limit_jobs .. key, job)
    if redis.call('SCARD', K.limit_jobs .. key) == 0 then redis.call('HDEL', K.limits, key) end
  end
end
