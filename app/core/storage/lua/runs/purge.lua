#!lua flags=allow-oom
-- runs/purge: Removes terminal runs that are no dead letters from every index.
-- needs: lanes
-- ARGV: index_name, after_seq, page_size, ended_before, budget
--   index_name: status:<s> | job:<id>; budget: most runs to remove.
-- Keys built inside: job, run, runs, runs_job, runs_status, attempts, log, log_packed, tool_calls, meta,
-- versions, quarantine.
-- Returns {removed, seq to continue after, or '' if no later run can be old enough}. A record that can't be
-- read is moved from the indexes to the quarantine.
local now, before = now_ms(), tonumber(ended_before)
local kind, name = index_name:match('^(%a+):(.*)$')
local index = kind == 'job' and K.runs_job .. name or K.runs_status .. name
local page = redis.call('ZRANGEBYSCORE', index, '(' .. after_seq, '+inf', 'WITHSCORES', 'LIMIT', 0, page_size)
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
  local h = read(K.run .. run, 'status', 'job', 'dead', 'ended', 'created')
  if not h.status then
    redis.call('ZREM', index, run)
    redis.call('ZREM', K.runs, run)
    return
  end
  newest = math.max(newest, tonumber(h.created))
  local old = TERMINAL[h.status] and tonumber(h.ended or now) < before
  -- guard: test_purge_keeps_dead_letters
  if h.dead then old = false end
  if not old or removed >= tonumber(budget) then return end
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
-- Later runs in the index were created later, so none of them can have ended before that.
local more = #page == 2 * page_size and newest < before
return {removed, more and page[#page] or ''}
