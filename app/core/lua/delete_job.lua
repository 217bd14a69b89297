#!lua
-- delete_job: ends what of a job still waits, then forgets the job; running runs end, history stays.
-- needs: cancel, jobs, shield
-- ARGV: job, actor.
-- Keys built inside: job, jobs, jobs_type, jobs_tag, jobs_enabled, schedule, ledger, runs_job,
-- runs_status, active, limits, versions,
-- kv, kv_index, tool_metrics, quarantine.
-- Returns {OK | MORE | MISSING, how many were cancelled}; MORE: call again.
local now, job, cancelled = now_ms(), ARGV[1], 0
local h = redis.call('HMGET', K.job .. job, 'type', 'tags', 'key', 'seq', 'version')
if not h[1] then return {'MISSING', 0} end
set_fire(job, '', '')
redis.call('HSET', K.job .. job, 'enabled', 0)
for _, status in ipairs({'scheduled', 'retrying', 'queued'}) do
  if cancelled < 256 then
    local page = redis.call('ZINTER', 2, K.runs_job .. job, K.runs_status .. status)
    for i = 1, math.min(#page, 256 - cancelled) do
      shielded(page[i], cancel_run, page[i], now)
      cancelled = cancelled + 1
    end
  end
end
flush_gathered()
flush_tally()
if cancelled >= 256 then return {'MORE', cancelled} end
unindex_job(job, h[1], h[2])
leave_limit(job, h[3])
for _, name in ipairs(redis.call('ZRANGE', K.kv_index .. job, 0, 1023)) do redis.call('DEL', K.kv .. job .. ':' .. name) end
redis.call('DEL', K.job .. job, K.ledger .. job, K.tool_metrics .. job, K.kv_index .. job)
if redis.call('EXISTS', K.runs_job .. job) == 0 then redis.call('DEL', K.versions .. job) end
event('job.deleted', job, '', h[4], h[5], '')
return {'OK', cancelled}
