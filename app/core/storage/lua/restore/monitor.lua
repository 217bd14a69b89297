#!lua
-- restore/monitor: Restores monitors: state, ranges, time by state, and the ping URL of a heartbeat.
-- needs: restore, monitors/awake
-- ARGV: mode, owner
-- ITEM: job, seq, token, fields
--   token: the sealed ping token, or ''. Behind the fields: days, quarters (`day:quarter`), and the last
--   ping, each like the fields, then the ranges.
-- Keys built inside: awake, restore_lock, monitor, monitors, monitor_days, monitor_quarters, monitor_ranges,
-- ping, pings_due, ping_jobs, ping_tokens.
-- Returns for each CREATED | SAME | KEPT | REPLACED | DIFFERENT | ERROR, or LOST. KEPT: the stored monitor
-- has gone on since.
local function skip() return false end

local function remove_stored(job)
  for _, day in ipairs(redis.call('HKEYS', K.monitor_days .. job)) do
    redis.call('DEL', K.monitor_quarters .. job .. ':' .. day)
  end
  local digest = redis.call('HGET', K.ping .. job, 'digest')
  if digest then redis.call('HDEL', K.ping_jobs, digest) end
  redis.call('HDEL', K.ping_tokens, job)
  redis.call('ZREM', K.pings_due, job)
  redis.call('DEL', K.monitor .. job, K.monitor_days .. job, K.monitor_ranges .. job, K.ping .. job)
end

local function put_quarters(job, quarters)
  for place, time in pairs(quarters) do
    local day, quarter = place:match('^(%d+):(%d+)$')
    local key = K.monitor_quarters .. job .. ':' .. day
    redis.call('HSET', key, quarter, time)
    redis.call('EXPIREAT', key, (tonumber(day) + 10) * 86400)
  end
end

local function put_ping(job, given, ping, token)
  put_hash(K.ping .. job, ping)
  if ping.digest then redis.call('HSET', K.ping_jobs, ping.digest, job) end
  if token ~= '' then redis.call('HSET', K.ping_tokens, job, token) end
  if given.due then redis.call('ZADD', K.pings_due, given.due, job) end
end

local function restore(at, last)
  local job, seq, token = ARGV[at + ITEM.job], ARGV[at + ITEM.seq], ARGV[at + ITEM.token]
  local given, behind = read_fields(at + ITEM.fields)
  local days, quarters, ping
  days, behind = read_fields(behind)
  quarters, behind = read_fields(behind)
  ping, behind = read_fields(behind)
  local stored = stored_hash(K.monitor .. job)
  local unchanged = is_same(stored, given, skip)
    and redis.call('LLEN', K.monitor_ranges .. job) == last - behind + 1
  -- guard: test_a_monitor_that_went_on_is_kept
  local went_on = stored.seen and tonumber(stored.seen) > tonumber(given.seen)
  local word = restore_word(stored.state, unchanged, went_on)
  if not should_write(word) then return word end
  if stored.state then remove_stored(job) end
  put_hash(K.monitor .. job, given)
  -- guard: test_a_restored_heartbeat_was_not_watched_since_its_export
  awake.note_restored(tonumber(given.seen))
  redis.call('ZADD', K.monitors, seq, job)
  put_hash(K.monitor_days .. job, days)
  put_quarters(job, quarters)
  put_ping(job, given, ping, token)
  for i = behind, last do redis.call('RPUSH', K.monitor_ranges .. job, ARGV[i]) end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
