-- needs: events, incidents
-- Dead letters: failed runs that wait for a decision, listed by job and by error. A letter's group is its
-- run's `fingerprint`, or `none`; the score of a group is the seq of its newest letter.
local function add_to_group(run, group, seq)
  redis.call('ZADD', K.dead_group .. group, seq, run)
  -- guard: test_a_group_has_the_position_of_its_newest_letter
  redis.call('ZADD', K.dead_groups, 'GT', seq, group)
end

local function remove_from_group(run, group)
  redis.call('ZREM', K.dead_group .. group, run)
  local newest = redis.call('ZRANGE', K.dead_group .. group, -1, -1, 'WITHSCORES')[2]
  if newest then
    redis.call('ZADD', K.dead_groups, newest, group)
  else
    -- guard: test_a_group_ends_with_its_last_letter
    redis.call('ZREM', K.dead_groups, group)
    close_incident('failing:' .. group, nil, now_ms())
  end
end

local function remove_dead_letter(run, job)
  remove_from_group(run, redis.call('HGET', K.run .. run, 'fingerprint') or 'none')
  redis.call('ZREM', K.dead, run)
  if job then redis.call('ZREM', K.dead_job .. job, run) end
  redis.call('HDEL', K.run .. run, 'dead')
end

-- report_failure: all dead letters of one error are one incident.
local function report_failure(group, job, error, is_restored)
  -- guard: test_a_restored_dead_letter_opens_no_incident
  if is_restored then return end
  local ok, parsed = pcall(cjson.decode, error or '')
  if not ok or type(parsed) ~= 'table' then parsed = {} end
  local whole = tostring(parsed.message or '')
  local message, origin = whole:sub(1, 500), parsed.message_origin
  if origin and message == whole then message = texts.join(message, cjson.encode(origin)) end
  open_incident('failing:' .. group, 'job:' .. job, {
    kind = 'job_failing', severity = 'warning', subject = job, cause = message, job = job},
    now_ms())
end

-- add_dead_letter: adds a failed run to the dead letters, which opens the incident of its error unless the
-- run is restored. Beyond 10,000 the oldest is removed.
local function add_dead_letter(run, job, seq, is_restored)
  local h = read(K.run .. run, 'fingerprint', 'error')
  local group = h.fingerprint or 'none'
  redis.call('ZADD', K.dead, seq, run)
  redis.call('ZADD', K.dead_job .. job, seq, run)
  add_to_group(run, group, seq)
  report_failure(group, job, h.error, is_restored)
  -- guard: test_a_failed_run_is_a_dead_letter
  if redis.call('ZCARD', K.dead) <= 10000 then return end
  local oldest = redis.call('ZPOPMIN', K.dead)
  local owner = redis.call('HGET', K.run .. oldest[1], 'job')
  remove_dead_letter(oldest[1], owner)
  event('dead_letter.dropped', owner or '', oldest[1], oldest[2], 0, '')
end
