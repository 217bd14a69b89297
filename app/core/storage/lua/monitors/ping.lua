#!lua flags=allow-oom
-- monitors/ping: Takes a ping of an outside program, and stores the state of its job.
-- needs: heartbeats
-- ARGV: digest, what, code, detail, output
--   digest: of the token; what: success | fail | start; code: the exit code or ''; detail: why it failed, for
--   people; output: what the program sent.
-- Keys built inside: awake, ping_jobs, ping, pings_due, job, monitor, monitors, monitor_ranges,
-- monitor_days, monitor_quarters, monitor_latency, pauses, incident, incidents, incidents_open,
-- incidents_due, incidents_job, incident_jobs, incident_members, incident_timeline.
-- Returns the job, or '' if the token belongs to none.
local now = now_ms()
local job = redis.call('HGET', K.ping_jobs, digest)
local heart = job and heartbeat_job(job)
-- guard: test_a_wrong_token_is_not_found
if not heart then return '' end
local key = K.ping .. job
awake.note(now)
if what == 'start' then
  redis.call('HSET', key, 'started', text(now))
  -- guard: test_a_start_without_an_end_is_late_after_the_grace
  expect_ping(job, now, heart.grace)
  return job
end
local started, latency = tonumber(redis.call('HGET', key, 'started') or ''), nil
if started then latency = math.max(0, now - started) end
redis.call('HDEL', key, 'started', 'took')
redis.call('HSET', key, 'at', text(now), 'what', what, 'code', code, 'output', output)
if latency then redis.call('HSET', key, 'took', text(latency)) end
local found = {state = 'up', reason = '', detail = '', latency = latency}
if what == 'fail' then
  found = {state = 'down', reason = code ~= '' and 'exit_code' or 'failed', detail = detail,
    latency = latency, kind = 'monitor_down'}
end
expect_ping(job, now, heart.period + heart.grace)
-- guard: test_a_failure_in_a_pause_opens_no_incident
if not heart.enabled or pause_scope_of(job, HEARTBEAT) then return job end
note_heartbeat(job, heart, now, found, now)
return job
