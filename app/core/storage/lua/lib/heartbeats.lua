-- needs: monitors, pauses
-- Heartbeats: a job of the type monitor.heartbeat is up while an outside program calls its ping URL in time.
-- `pings:due` has the instant from which each one is late, without the stops of the platform since
-- (`lib/monitors/awake.lua`).
local HEARTBEAT_GRACE_MS = 60000
local HAS_TARGET = {['monitor.http'] = true, ['monitor.channel'] = true}

-- heartbeat_job: the job's times in ms; nil if there is no such job of this type.
local function heartbeat_job(job)
  local h = read(K.job .. job, 'spec', 'seq', 'type', 'enabled')
  if h.type ~= HEARTBEAT then return nil end
  local inputs = cjson.decode(h.spec).inputs
  local grace = type(inputs.grace_sec) == 'number' and inputs.grace_sec * 1000 or HEARTBEAT_GRACE_MS
  return {seq = h.seq, enabled = h.enabled == '1', period = inputs.period_sec * 1000, grace = grace}
end

-- expect_ping: a ping must come within some time from an instant on.
local function expect_ping(job, from, length)
  awake.store_wait(job, {waits = from, watched = 0, length = length})
end

-- note_heartbeat: stores a state as a check does.
local function note_heartbeat(job, heart, at, found, now)
  observe(job, HEARTBEAT, heart.seq, nil, at, {
    state = found.state, reason = found.reason, detail = found.detail, latency_ms = found.latency or -1,
    kind = found.kind or 'heartbeat_silent', group = 'heartbeat:' .. job, target = job, command = '',
    fail_after = 1, after_ms = 0, bad = {'down'}}, now)
end

-- await_first_ping: a job that has a ping URL, and no ping yet.
local function await_first_ping(job, heart, now)
  if redis.call('EXISTS', K.monitor .. job) == 1 then return end
  redis.call('HSET', K.monitor .. job, 'state', 'unknown', 'since', text(now), 'seen', text(now),
    'reason', 'no_ping', 'type', HEARTBEAT, 'target', job)
  redis.call('ZADD', K.monitors, 'NX', heart.seq, job)
  expect_ping(job, now, heart.period + heart.grace)
end

-- miss_ping: the ping of a job is late. While the job is off or paused that means nothing; it is due again.
-- If the platform was stopped meanwhile, the ping may have been lost: the state is unknown until the end of
-- the next wait.
local function miss_ping(job, now)
  awake.note(now)
  local wait, heart = awake.read_wait(job), heartbeat_job(job)
  if not wait or not heart then return redis.call('ZREM', K.pings_due, job) end
  -- The clock may have gone back just now.
  if wait.due > now then return awake.store_wait(job, wait) end
  local late = wait.due
  local stopped = awake.pass_stops(wait, now)
  -- guard: test_a_heartbeat_that_is_paused_is_not_late
  if not heart.enabled or pause_scope_of(job, HEARTBEAT) then
    mark_monitor(job, 'paused', late, heart.enabled and 'paused' or 'disabled')
    if wait.due > now then return awake.store_wait(job, wait) end
    return expect_ping(job, now, heart.period + heart.grace)
  end
  -- guard: test_a_heartbeat_is_not_late_because_the_platform_was_stopped
  if stopped then
    local state = redis.call('HGET', K.monitor .. job, 'state')
    if state == 'up' then mark_monitor(job, 'unknown', late, 'stopped') end
    awake.store_wait(job, wait)
    if wait.due > now then return end
  end
  redis.call('ZREM', K.pings_due, job)
  note_heartbeat(job, heart, wait.due,
    {state = 'down', reason = 'silent', detail = texts.message('no ping came in time')}, now)
end

-- change_times: the job's times were others (`old`) before this save. A ping is expected by the new ones; if
-- that is earlier, not before a whole period from now. A silence that is none by them is over.
local function change_times(job, old, now)
  local heart = heartbeat_job(job)
  if heart.period == old.period and heart.grace == old.grace then return end
  awake.note(now)
  local ping, wait = read(K.ping .. job, 'at', 'what', 'started'), awake.read_wait(job)
  local length = ping.started and heart.grace or heart.period + heart.grace
  if redis.call('ZSCORE', K.pings_due, job) then
    local due = math.max(wait.waits + length, math.min(wait.due, now + length))
    return expect_ping(job, due - length, length)
  end
  local m = read(K.monitor .. job, 'state', 'reason')
  local late = (tonumber(ping.at or '') or 0) + length
  local is_silent = m.state == 'down' and m.reason == 'silent' and not ping.started
  if not is_silent or ping.what ~= 'success' or late <= now then return end
  note_heartbeat(job, heart, now, {state = 'up', reason = '', detail = ''}, now)
  expect_ping(job, late - length, length)
end

-- change_monitor: a save has changed what a job watches (its type, or the hash of its target). What was
-- observed says nothing about that, and its incident ends. A heartbeat with a ping URL waits for its ping.
local function change_monitor(job, was, was_target, job_type, target, now)
  local is_moved = HAS_TARGET[job_type] and (was_target or '') ~= '' and was_target ~= target
  if was == job_type and not is_moved then return end
  local m = read_monitor(job)
  -- guard: test_a_save_of_another_type_or_target_ends_what_was_observed
  if m.state then forget_observations(job, m, now, moved()) end
  local heart = heartbeat_job(job)
  -- guard: test_a_heartbeat_that_comes_back_waits_for_its_ping
  if heart and redis.call('HEXISTS', K.ping .. job, 'digest') == 1 then await_first_ping(job, heart, now) end
end
