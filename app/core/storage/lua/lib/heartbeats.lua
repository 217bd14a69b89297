-- needs: monitors, pauses
-- Heartbeats: a job of the type monitor.heartbeat is up while an outside program calls its ping URL in time.
-- `pings:due` has the instant from which each one is late; `due` of the monitor is the same.
local HEARTBEAT_GRACE_MS = 60000

-- heartbeat_job: the job's times in ms; nil if there is no such job of this type.
local function heartbeat_job(job)
  local h = read(K.job .. job, 'spec', 'seq', 'type', 'enabled')
  if h.type ~= HEARTBEAT then return nil end
  local inputs = cjson.decode(h.spec).inputs
  local grace = type(inputs.grace_sec) == 'number' and inputs.grace_sec * 1000 or HEARTBEAT_GRACE_MS
  return {seq = h.seq, enabled = h.enabled == '1', period = inputs.period_sec * 1000, grace = grace}
end

local function expect_ping(job, due)
  redis.call('ZADD', K.pings_due, due, job)
  redis.call('HSET', K.monitor .. job, 'due', text(due))
end

-- note_heartbeat: stores a state as a check does. No ping is older than it, also if the clock went back.
local function note_heartbeat(job, heart, at, found, now)
  local seen = tonumber(redis.call('HGET', K.monitor .. job, 'seen') or 0)
  observe(job, HEARTBEAT, heart.seq, math.max(at, seen), {
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
  expect_ping(job, now + heart.period + heart.grace)
end

-- miss_ping: the ping of a job is late. While the job is off or paused that means nothing; it is due again.
local function miss_ping(job, now)
  local due = tonumber(redis.call('ZSCORE', K.pings_due, job))
  redis.call('ZREM', K.pings_due, job)
  local heart = heartbeat_job(job)
  if not heart then return end
  -- guard: test_a_heartbeat_that_is_paused_is_not_late
  if not heart.enabled or pause_scope_of(job, HEARTBEAT) then
    mark_monitor(job, 'paused', due, heart.enabled and 'paused' or 'disabled')
    expect_ping(job, now + heart.period + heart.grace)
    return
  end
  note_heartbeat(job, heart, due, {state = 'down', reason = 'silent', detail = 'no ping came in time'}, now)
end

-- change_times: the job's times were others (`old`) before this save. A ping is expected by the new ones; if
-- that is earlier, not before a whole period from now. A silence that is none by them is over.
local function change_times(job, old, now)
  local heart = heartbeat_job(job)
  if not heart or heart.period == old.period and heart.grace == old.grace then return end
  local due = tonumber(redis.call('ZSCORE', K.pings_due, job) or '')
  local ping = read(K.ping .. job, 'at', 'what', 'started')
  local length = ping.started and heart.grace or heart.period + heart.grace
  if due then
    local before = ping.started and old.grace or old.period + old.grace
    expect_ping(job, math.max(due + length - before, math.min(due, now + length)))
    return
  end
  local m = read(K.monitor .. job, 'state', 'reason')
  local late = (tonumber(ping.at or '') or 0) + length
  local is_silent = m.state == 'down' and m.reason == 'silent' and not ping.started
  if not is_silent or ping.what ~= 'success' or late <= now then return end
  note_heartbeat(job, heart, now, {state = 'up', reason = '', detail = ''}, now)
  expect_ping(job, late)
end
