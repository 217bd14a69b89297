#!lua flags=allow-oom
-- deployment/heartbeat: a process says that it is alive, and takes off the list those that have fallen
-- silent.
-- needs: events, lease_clock
-- ARGV: beat | leave, instance, heartbeat in ms, lease in ms (0: it keeps no lease clock), then the fields
-- and values of its hash; last of them, if known, `previous_end`: how the process ended that this one
-- replaces.
-- Keys built inside: instance, instances, meta, lease_clock.
-- Returns UP | OK, LEFT | UNKNOWN.
local now, word, me, period, lease = now_ms(), ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local DEAD_AFTER, AT_ONCE = 6 * period, 32

local function service_event(type, instance, reason)
  event(type, '', '', 0, 0, cjson.encode({instance = instance, service = instance:match('^[^-]+'),
    reason = reason}))
end

local function remove(instance, reason)
  redis.call('DEL', K.instance .. instance)
  -- guard: test_leave_sent_again_tells_once
  if redis.call('ZREM', K.instances, instance) == 0 then return 'UNKNOWN' end
  service_event('service.down', instance, reason)
  return 'LEFT'
end

-- Where nobody was heard for two heartbeats, the machine slept or the clock jumped: all get time to speak.
local function may_declare_dead()
  local newest = redis.call('ZRANGE', K.instances, -1, -1, 'WITHSCORES')[2]
  local silence = 0
  -- guard: test_heartbeat_after_a_common_silence_drops_nobody
  if newest then silence = math.abs(now - newest) end
  if silence > 2 * period then
    redis.call('HSET', K.meta, 'judge_from', now + DEAD_AFTER)
    return false
  end
  local from = tonumber(redis.call('HGET', K.meta, 'judge_from') or 0)
  return now >= from or from > now + DEAD_AFTER
end

local function remove_silent()
  for _, instance in ipairs(redis.call('ZRANGEBYSCORE', K.instances, '-inf', now - DEAD_AFTER - 1, 'LIMIT',
    0, AT_ONCE)) do
    remove(instance, 'silent')
  end
end

-- The clock went back: who spoke in the future would be alive until then.
local function clamp_future_heartbeats()
  local ahead = redis.call('ZRANGEBYSCORE', K.instances, now + period + 1, '+inf', 'LIMIT', 0, AT_ONCE)
  for _, instance in ipairs(ahead) do redis.call('ZADD', K.instances, now, instance) end
end

if lease > 0 then touch_lease_clock(now, lease) end
if word == 'leave' then return remove(me, 'stopped') end
local judge = may_declare_dead()
clamp_future_heartbeats()
local is_new = redis.call('ZADD', K.instances, now, me) == 1
redis.call('HSET', K.instance .. me, 'at', now, unpack(ARGV, 5))
redis.call('PEXPIRE', K.instance .. me, DEAD_AFTER)
if judge then remove_silent() end
if is_new then
  service_event('service.up', me, 'started')
  if ARGV[#ARGV - 1] == 'previous_end' then service_event('service.restarted', me, ARGV[#ARGV]) end
end
return is_new and 'UP' or 'OK'
