#!lua flags=allow-oom
-- queue/promote: scheduled | retrying -> queued, for due runs of the delayed set. Also reads the scopes whose
-- pause is over: `queue/resume` gives their runs back. Heartbeats whose ping is late are down from then on.
-- needs: events, batch, lanes, heartbeats
-- ARGV: page_size
-- Keys built inside: delayed, pause_ends, pauses, run, ready, runs_status, quarantine, job, pings_due,
-- monitor, monitors, monitor_ranges, monitor_days, monitor_quarters, monitor_latency, incident, incidents,
-- incidents_open, incidents_due, incidents_job, incident_jobs, incident_members, incident_timeline.
-- Returns {how many, next run or end of a pause or '', now, {scope}*}.
local now = now_ms()
local due = redis.call('ZRANGEBYSCORE', K.delayed, '-inf', now, 'LIMIT', 0, page_size)

local function promote(run)
  local h = read(K.run .. run, 'status', 'seq', 'rev', 'job', 'pri', 'lost')
  -- guard: test_promotion_leaves_a_cancelled_run_alone
  if h.status ~= 'scheduled' and h.status ~= 'retrying' then return end
  redis.call('HSET', K.run .. run, 'status', 'queued', 'queued', now, 'rev', h.rev + 1)
  redis.call('HDEL', K.run .. run, 'due')
  -- guard: test_a_suspect_that_lost_its_worker_stays_isolated
  push(run, h.lost and 'suspect' or h.pri)
  move_status(run, h.seq, h.status, 'queued')
  event('run.queued', h.job, run, h.seq, h.rev + 1, '')
end

for _, run in ipairs(due) do guarded(run, promote, run) end
if #due > 0 then redis.call('ZREM', K.delayed, unpack(due)) end
flush_writes()
for _, job in ipairs(redis.call('ZRANGEBYSCORE', K.pings_due, '-inf', now, 'LIMIT', 0, 20)) do
  guarded(job, miss_ping, job, now)
end
local over = redis.call('ZRANGEBYSCORE', K.pause_ends, '-inf', now, 'LIMIT', 0, 20)
local following = redis.call('ZRANGE', K.delayed, 0, 0, 'WITHSCORES')[2]
local ending = redis.call('ZRANGE', K.pause_ends, #over, #over, 'WITHSCORES')[2]
if ending and (not following or tonumber(ending) < tonumber(following)) then following = ending end
local late = redis.call('ZRANGE', K.pings_due, 0, 0, 'WITHSCORES')[2]
if late and (not following or tonumber(late) < tonumber(following)) then following = late end
return {#due, following or '', now, over}
