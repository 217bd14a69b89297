#!lua flags=allow-oom
-- runs/purge: removes terminal runs that are no dead letters, from every index.
-- needs: lanes
-- ARGV: index ('status:<s>' or 'job:<id>'), start behind this seq, how many to look at, remove what ended
-- before (ms), most to remove.
-- Keys built inside: job, run, runs, runs_job, runs_status, attempts, log, log_packed, tool_calls, meta,
-- versions, quarantine.
-- Returns {removed, seq to go on from or '' where nothing further can be old enough}. A record that can't be
-- read leaves the indexes for the quarantine.
local now, before, budget = now_ms(), tonumber(ARGV[4]), tonumber(ARGV[5])
local kind, name = ARGV[1]:match('^(%a+):(.*)$')
local index = kind == 'job' and K.runs_job .. name or K.runs_status .. name
local page = redis.call('ZRANGEBYSCORE', index, '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local TERMINAL = {success = true, failed = true, cancelled = true}
local removed, newest = 0, 0
-- guard: test_purge_keeps_what_may_still_be_sent_again
before = math.min(before, now - 120000)

local function remove(run, h)
  redis.call('DEL', K.run .. run, K.attempts .. run, K.log .. run, K.log_packed .. run, K.tool_calls .. run)
  redis.call('ZREM', K.runs, run)
  redis.call('ZREM', K.runs_job .. h.job, run)
  redis.call('ZREM', K.runs_status .. h.status, run)
  if redis.call('EXISTS', K.runs_job .. h.job, K.job .. h.job) == 0 then
    redis.call('DEL', K.versions .. h.job)
  end
end

local function purge_if_old(run)
  local h = read(run, 'status', 'job', 'dead', 'ended', 'created')
  if not h.status then
    redis.call('ZREM', index, run)
    redis.call('ZREM', K.runs, run)
    return
  end
  newest = math.max(newest, tonumber(h.created))
  local old = TERMINAL[h.status] and tonumber(h.ended or now) < before
  -- guard: test_purge_keeps_dead_letters
  if h.dead then old = false end
  if not old or removed >= budget then return end
  remove(run, h)
  removed = removed + 1
  local mark = tonumber(redis.call('HGET', K.meta, 'purged_until') or 0)
  if tonumber(h.created) > mark then redis.call('HSET', K.meta, 'purged_until', h.created) end
end

for i = 1, #page, 2 do
  if guarded(page[i], purge_if_old, page[i]) == 'ERROR' then
    redis.call('ZREM', index, page[i])
    redis.call('ZREM', K.runs, page[i])
  end
end
-- Runs further on were created later, so none of them can have ended before that.
local more = #page == 2 * ARGV[3] and newest < before
return {removed, more and page[#page] or ''}
