#!lua flags=allow-oom
-- deployment/heartbeat: Stores that a process is alive, and removes processes that have been silent for too
-- long.
-- needs: events, lease_clock, metrics, monitors/awake
-- ARGV: action, instance, period_ms, lease_ms, reconnects, counted
-- ROW: field, value
--   action: beat | leave; lease_ms: 0 if the process keeps no lease clock; reconnects: how often the process
--   has connected to Redis again since its start; counted: those that are already counted.
--   Rows are the fields of its hash; the last of them, if known, is `previous_end`: how the process ended
--   that this one replaces.
-- Keys built inside: instance, instances, meta, lease_clock, metrics, awake, monitors, monitor, ping,
-- pings_due.
-- Returns UP | OK, LEFT | UNKNOWN.
local now, period, lease = now_ms(), tonumber(period_ms), tonumber(lease_ms)
local DEAD_AFTER, AT_ONCE = 6 * period, 32

local function service_event(kind, id, reason)
  -- Every shard gets each heartbeat; the first one reports the process.
  -- guard: test_a_process_is_reported_once
  if SHARD > 0 then return end
  event(kind, '', '', 0, 0, cjson.encode({instance = id, service = id:match('^[^-]+'), reason = reason}))
end

local function remove(id, reason)
  redis.call('DEL', K.instance .. id)
  -- guard: test_leave_sent_again_tells_once
  if redis.call('ZREM', K.instances, id) == 0 then return 'UNKNOWN' end
  service_event('service.down', id, reason)
  return 'LEFT'
end

-- If no process was heard for two heartbeats, the machine slept or the clock jumped: all get time to report.
local newest = tonumber(redis.call('ZRANGE', K.instances, -1, -1, 'WITHSCORES')[2] or nil)

local function may_declare_dead()
  local silence = 0
  -- guard: test_heartbeat_after_a_common_silence_drops_no_process
  if newest then silence = math.abs(now - newest) end
  if silence > 2 * period then
    redis.call('HSET', K.meta, 'judge_from', now + DEAD_AFTER)
    return false
  end
  local from = tonumber(redis.call('HGET', K.meta, 'judge_from') or 0)
  return now >= from or from > now + DEAD_AFTER
end

local function remove_silent()
  local silent = redis.call('ZRANGEBYSCORE', K.instances, '-inf', now - DEAD_AFTER - 1, 'LIMIT', 0, AT_ONCE)
  for _, id in ipairs(silent) do remove(id, 'silent') end
end

-- The clock went back: a process with a heartbeat in the future would count as alive until then.
local function clamp_future_heartbeats()
  if not newest or newest <= now + period then return end
  local ahead = redis.call('ZRANGEBYSCORE', K.instances, now + period + 1, '+inf', 'LIMIT', 0, AT_ONCE)
  for _, id in ipairs(ahead) do redis.call('ZADD', K.instances, now, id) end
end

local function count_reconnects()
  local total, before = tonumber(reconnects), tonumber(counted)
  if total == 0 then return end
  -- guard: test_reconnects_of_a_heartbeat_sent_again_count_once
  before = math.max(before, tonumber(redis.call('HGET', K.instance .. instance, 'reconnects') or 0))
  if total > before then count('reconnects|' .. instance:match('^[^-]+'), total - before) end
  redis.call('HSET', K.instance .. instance, 'reconnects', total)
end

awake.note(now, 3 * period)
if lease > 0 then touch_lease_clock(now, lease) end
if action == 'leave' then return remove(instance, 'stopped') end
local judge = may_declare_dead()
clamp_future_heartbeats()
local is_new = redis.call('ZADD', K.instances, now, instance) == 1
count_reconnects()
redis.call('HSET', K.instance .. instance, 'at', now, unpack(ARGV, ROW.start + 1))
redis.call('PEXPIRE', K.instance .. instance, DEAD_AFTER)
if judge then remove_silent() end
if is_new then
  service_event('service.up', instance, 'started')
  if ARGV[#ARGV - 1] == 'previous_end' then service_event('service.restarted', instance, ARGV[#ARGV]) end
end
flush_metrics()
return is_new and 'UP' or 'OK'
