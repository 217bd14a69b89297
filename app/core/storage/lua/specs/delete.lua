#!lua flags=allow-oom
-- specs/delete: Cancels the waiting runs of a job, then deletes the job. Running runs end, and the history
-- stays.
-- needs: cancel, specs, lanes, isolation, monitors
-- ARGV: job, after_seq, actor
--   after_seq: '0' at first.
-- Keys built inside: job, run, jobs, jobs_type, jobs_tag, jobs_enabled, jobs_target, jobs_calendar,
-- jobs_queue, schedule, ledger, runs_job, runs_status, active, limits, versions, kv, kv_index, tool_metrics,
-- tool_metrics_jobs, successes, pauses, pause_ends, isolated, quarantine, monitor, monitors,
-- monitor_ranges, monitor_days, monitor_quarters, monitor_latency, incident, incidents, incidents_open,
-- incidents_due, incident_jobs, incident_members, incident_timeline, ping, pings_due, ping_jobs, ping_tokens.
-- Returns {OK | MORE | MISSING, how many were cancelled, seq}; MORE: call again with the seq.
local now, cancelled = now_ms(), 0
local h = redis.call('HMGET', K.job .. job, 'type', 'tags', 'key', 'seq', 'version', 'target', 'calendars',
  'queue')
if not h[1] then return {'MISSING', 0, '0'} end
set_next_fire(job, '', '')
redis.call('HSET', K.job .. job, 'enabled', 0)
local function cancel_or_mark_final(run)
  local status = redis.call('HGET', K.run .. run, 'status')
  -- A running run ends, but is not tried again.
  if status == 'running' then return redis.call('HSET', K.run .. run, 'final', 1) end
  if cancel_run(run, now) == 'CANCELLED' then cancelled = cancelled + 1 end
end

local page = redis.call('ZRANGEBYSCORE', K.runs_job .. job, '(' .. after_seq, '+inf', 'WITHSCORES',
  'LIMIT', 0, 256)
for i = 1, #page, 2 do guarded(page[i], cancel_or_mark_final, page[i]) end
flush_writes()
flush_metrics()
if #page == 512 then return {'MORE', cancelled, page[#page]} end
unindex_job(job, h[1], h[2], h[6], h[7], h[8])
remove_from_limits(job, h[3])
for _, name in ipairs(redis.call('ZRANGE', K.kv_index .. job, 0, 1023)) do
  redis.call('DEL', K.kv .. job .. ':' .. name)
end
redis.call('DEL', K.job .. job, K.ledger .. job, K.tool_metrics .. job, K.kv_index .. job)
-- guard: test_delete_ends_the_metrics_of_a_job
redis.call('ZREM', K.tool_metrics_jobs, job)
-- guard: test_delete_ends_the_last_success_of_a_job
redis.call('ZREM', K.successes, job)
-- guard: test_delete_ends_the_monitor_of_a_job
delete_monitor(job, now)
-- guard: test_a_deleted_job_leaves_its_incidents
leave_incidents(job, now)
-- guard: test_delete_ends_the_isolation_of_a_job
end_isolation(job, 'deleted')
-- guard: test_delete_ends_the_pause_of_a_job
redis.call('HDEL', K.pauses, 'job:' .. job)
redis.call('ZREM', K.pause_ends, 'job:' .. job)
if redis.call('EXISTS', K.runs_job .. job) == 0 then redis.call('DEL', K.versions .. job) end
event('job.deleted', job, '', h[4], h[5], cjson.encode({actor = actor}))
return {'OK', cancelled, '0'}
