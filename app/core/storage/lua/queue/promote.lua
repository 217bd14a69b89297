#!lua flags=allow-oom
-- queue/promote: scheduled | retrying -> queued, for due runs of the delayed set. Also reads the scopes whose
-- pause is over: `queue/resume` gives their runs back. Heartbeats whose ping is late are down from then on.
-- Runs that wait for a rate enter their lanes when it has room.
-- needs: events, batch, lanes, slots, heartbeats
-- ARGV: page_size
-- Keys built inside: delayed, pause_ends, pauses, rate_wakes, run, ready, runs_status, quarantine, job,
-- awake, pings_due, monitor, monitors, monitor_ranges, monitor_days, monitor_quarters, monitor_latency,
-- incident, incidents, incidents_open, incidents_due, incidents_job, incident_jobs, incident_members,
-- incident_timeline.
-- Returns {how many runs are ready, next run or end of a pause or '', now, {scope}*}.
local now = now_ms()
local due = redis.call('ZRANGEBYSCORE', K.delayed, '-inf', now, 'LIMIT', 0, page_size)

local function promote(run)
  local h = read(K.run .. run, 'status', 'seq', 'rev', 'job', 'pri', 'lost', 'overlap', 'key')
  -- guard: test_promotion_leaves_a_cancelled_run_alone
  if h.status ~= 'scheduled' and h.status ~= 'retrying' then return end
  redis.call('HSET', K.run .. run, 'status', 'queued', 'queued', now, 'rev', h.rev + 1)
  redis.call('HDEL', K.run .. run, 'due')
  -- guard: test_a_suspect_that_lost_its_worker_stays_isolated
  enter_lane(run, h.lost and suspect_of(h.pri) or h.pri, h.seq, h.job, h.overlap, h.key)
  move_status(run, h.seq, h.status, 'queued')
  batch_event('run.queued', h.job, run, h.seq, h.rev + 1, '')
end

for _, run in ipairs(due) do guarded(run, promote, run) end
if #due > 0 then redis.call('ZREM', K.delayed, unpack(due)) end
flush_writes()
-- head_of: the earliest instant of an index; nil if it is empty.
local function head_of(key) return tonumber(redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2] or nil) end

-- due_in: what is due in an index, 20 at most. While nothing is, its head is all that is read.
local heads = {}
local function due_in(key)
  heads[key] = head_of(key)
  if not heads[key] or heads[key] > now then return {} end
  return redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, 20)
end

for _, job in ipairs(due_in(K.pings_due)) do
  guarded(job, miss_ping, job, now)
end
local granted = 0

local function wake_rate(name)
  granted = granted + grant_slots(name)
  plan_wake(name, now)
end

for _, name in ipairs(due_in(K.rate_wakes)) do
  if guarded(name, wake_rate, name) == 'ERROR' then redis.call('ZREM', K.rate_wakes, name) end
end
local over = due_in(K.pause_ends)
local following = head_of(K.delayed)
local function note_following(instant)
  if instant and (not following or instant < following) then following = instant end
end

if #over == 0 then note_following(heads[K.pause_ends])
else note_following(tonumber(redis.call('ZRANGE', K.pause_ends, #over, #over, 'WITHSCORES')[2] or nil)) end
for _, key in ipairs({K.pings_due, K.rate_wakes}) do
  -- What was due has moved, and what waits for a rate may have been planned meanwhile.
  local is_read_again = granted > 0 or (heads[key] or 0) <= now
  note_following(is_read_again and head_of(key) or heads[key])
end
return {#due + granted, following and text(following) or '', now, over}
